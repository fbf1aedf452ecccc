"""Takes over what the ministry printed: agencies, rounds, listings and published figures."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.db import models, transaction

from outsourcing.actions import agencies
from outsourcing.models import Agency, AgencyKind, Contract
from surveys import figures
from surveys.actions import open_survey
from surveys.models import Listing, PublishedFigure, Survey
from surveys.sheets import LAYOUTS

TITLE = "行政機関・独立行政法人等における個人情報等の取扱いに関する委託契約の調査"
AGENCY_COLUMNS = ["code", "kind", "group", "name"]


class ReferenceError(Exception):
    """What is wrong with a file of agencies: (line, message), in order of lines."""

    def __init__(self, path: Path, errors: list[tuple[int, str]]):
        self.errors = errors
        super().__init__(
            "\n".join(f"{path.name} {line}行目：{message}" for line, message in errors)
        )


@transaction.atomic
def load_agencies(path: Path, *, by) -> int:
    """Record the agencies of a file that are not known yet; how many."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != AGENCY_COLUMNS:
            raise ReferenceError(path, [(1, f"列は{'、'.join(AGENCY_COLUMNS)}の順に必要です。")])
        rows = [(reader.line_num, row) for row in reader]
    if errors := list(_agency_errors(rows)):
        raise ReferenceError(path, errors)
    known = set(Agency.objects.values_list("code", flat=True))
    new = [row for _, row in rows if row["code"] not in known]
    for row in new:
        agencies.found(by=by, code=row["code"], kind=row["kind"], name=row["name"])
    return len(new)


def _agency_errors(rows):
    seen: dict[str, int] = {}
    for line, row in rows:
        if row["kind"] not in AgencyKind.values:
            yield (
                line,
                f"機関の種別「{row['kind']}」は{'、'.join(AgencyKind.values)}のいずれかです。",
            )
        if not row["name"]:
            yield line, f"機関「{row['code']}」の名称が空です。"
        earlier = seen.setdefault(row["code"], line)
        if earlier != line:
            yield line, f"機関コード「{row['code']}」は{earlier}行目にもあります。"


@transaction.atomic
def load_figures(
    path: Path, year: int, *, by, published_on: date | None = None, synthetic: bool
) -> int:
    """Take over the published figures of a fiscal year and open its rounds; how many cells.

    Raises figures.FiguresError, with lines, and then writes nothing. Other figures of that year,
    which are the ministry's and not the ledger's, are replaced; the same are left alone.
    """
    by_code = {agency.code: agency for agency in Agency.objects.all()}
    rows = figures.read(path, by_code)
    cells = figures.cells(rows)
    _replace(
        PublishedFigure.objects.filter(fiscal_year=year),
        [PublishedFigure(fiscal_year=year, **cell._asdict()) for cell in cells],
    )
    for information in Contract.Information:
        survey = _survey(year, information, by, published_on, synthetic)
        listings = [
            Listing(
                survey=survey,
                table=row.sheet,
                agency=by_code[row.agency],
                order=row.order,
                group=row.group,
                printed_name=row.label,
            )
            for row in rows
            if row.agency and LAYOUTS[row.sheet].information == information
        ]
        _replace(Listing.objects.filter(survey=survey), listings)
    return len(cells)


def _replace(stored: models.QuerySet, wanted: list[models.Model]) -> None:
    """Nothing is written, and so nothing recorded, where the rows say the same already."""
    names = [f.attname for f in stored.model._meta.local_concrete_fields if not f.primary_key]
    if set(stored.values_list(*names)) != {tuple(getattr(row, n) for n in names) for row in wanted}:
        stored.delete()
        stored.model.objects.bulk_create(wanted)


def _survey(year, information, by, published_on, synthetic) -> Survey:
    found = Survey.objects.filter(
        fiscal_year=year, information=information, synthetic=synthetic
    ).first()
    return found or open_survey(
        by=by,
        fiscal_year=year,
        information=information,
        synthetic=synthetic,
        title=f"{TITLE}（{Contract.Information(information).label}）",
        published_on=published_on,
    )
