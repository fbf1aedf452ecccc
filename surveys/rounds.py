"""One fiscal year's round as a whole: both kinds of information, who is listed, what is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from outsourcing.models import AgencyKind, ManagementFault
from outsourcing.prepared import Composed
from outsourcing.scope import Scope
from surveys import sheets
from surveys.classification import counts, taken_in
from surveys.models import Listing, PublishedFigure, Survey
from surveys.sheets import base
from surveys.sheets.notes import ONLY_VISIBLE

# The tables that print agencies of one kind only.
KIND_OF = {
    base.ADMINISTRATIVE_ORGANS: AgencyKind.ORGAN,
    base.INDEPENDENT_AGENCIES: AgencyKind.INDEPENDENT,
}

BY_AGENCY = (*KIND_OF, base.STATISTICS_AGENCIES)

SURVEY_FIELDS = [field.attname for field in Survey._meta.concrete_fields]
PRINTED = (
    *("table", "order", "group", "printed_name"),
    *("agency_id", "agency__code", "agency__kind"),
)
# Asked for every page of a round.
FOUND, LISTED, FAULTS = Composed(), Composed(), Composed()


class NoSuchRound(LookupError):
    """No survey of this fiscal year is known; the message says so in Japanese."""


class Round(NamedTuple):
    """The surveys of one fiscal year, by information. All synthetic or all real."""

    year: int
    synthetic: bool
    surveys: tuple[Survey, ...]

    @property
    def last_day(self):
        return self.surveys[0].last_day

    def survey(self, information: str) -> Survey:
        return next(s for s in self.surveys if s.information == information)


def find(year: int) -> Round:
    """The round of a fiscal year; the real one where there is also a synthetic one."""
    rows = FOUND.rows(year, lambda: _surveys(year).values_list(*SURVEY_FIELDS))
    found = [Survey.from_db(DEFAULT_DB_ALIAS, SURVEY_FIELDS, row) for row in rows]
    if not found:
        known = ", ".join(str(y) for y in years()) or "なし"
        raise NoSuchRound(f"{year}年度の調査は登録されていません（登録済み：{known}）。")
    synthetic = found[0].synthetic
    return Round(year, synthetic, tuple(s for s in found if s.synthetic == synthetic))


def _surveys(year: int):
    return Survey.objects.valid().filter(fiscal_year=year).order_by("synthetic", "pk")


def years() -> list[int]:
    """Fiscal years with a round, newest first."""
    found = Survey.objects.valid().values_list("fiscal_year", flat=True)
    return list(found.distinct().order_by("-fiscal_year"))


def listed(round_: Round, scope: Scope, *, table: str | None = None) -> list[sheets.Listed]:
    """The printed rows of a round, or of one of its tables, that a reader may see: one query."""

    def rows():
        found = Listing.objects.filter(survey__in=round_.surveys)
        if table is not None:
            found = found.filter(table=table)
        if not scope.is_everything:
            found = found.filter(agency_id__in=scope.agency_ids)
        return found.order_by("table", "order").values_list(*PRINTED)

    surveys = tuple(survey.pk for survey in round_.surveys)
    return [sheets.Listed(*row) for row in LISTED.rows((surveys, scope, table), rows)]


def faults(surveys: Sequence[Survey], scope: Scope) -> dict[tuple[str, int], int]:
    """Contracts taken in with inadequate management, by information and agency."""

    def rows():
        faulty = ManagementFault.objects.visible_to(scope).valid().values("contract_id")
        contracts = taken_in(surveys, scope).filter(pk__in=faulty).order_by()
        return contracts.values_list("information", "agency_id")

    about = tuple((s.fiscal_year, s.information, s.synthetic) for s in surveys)
    return Counter(FAULTS.rows((about, scope), rows))


def tables(round_: Round, scope: Scope) -> tuple[sheets.Sheet, ...]:
    """The five tables, as far as the reader may see: a fixed number of queries."""
    found = sheets.build_all(
        counts(round_.surveys, scope), listed(round_, scope), faults(round_.surveys, scope)
    )
    return tuple(_with_limits(sheet, scope) for sheet in found)


def table(round_: Round, key: str, scope: Scope) -> sheets.Sheet:
    """One of the five tables, counting only what it prints."""
    information = sheets.LAYOUTS[key].information
    surveys = [survey for survey in round_.surveys if survey.information == information]
    counted = counts(surveys, scope, kind=KIND_OF.get(key))
    # The summaries add up what other tables list.
    only = key if key in BY_AGENCY else None
    sheet = sheets.build(key, counted, listed(round_, scope, table=only), faults(surveys, scope))
    return _with_limits(sheet, scope)


def _with_limits(sheet: sheets.Sheet, scope: Scope) -> sheets.Sheet:
    """A table under the ministry's title whose totals are not the ministry's says so."""
    if scope.is_everything:
        return sheet
    return sheet._replace(notes=(*sheet.notes, ONLY_VISIBLE))


def published(year: int):
    """The cells the ministry printed for a fiscal year."""
    return PublishedFigure.objects.filter(fiscal_year=year)
