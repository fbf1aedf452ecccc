"""How files of evidence are kept with what they show: a visit, or what was put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models

from outsourcing.actions.base import check, insert, recording, translated, void
from outsourcing.evidence_files import MOST_FILES, File
from trail.context import acting


def add(model: type[models.Model], *, by, files: Iterable[File], called: str, **of):
    """Keep files with a row, named by the column that refers to it: ``add(…, inspection=visit)``.
    What it has already is refused, by what the files hold. ``called``: what the row is."""
    files = list(files)
    if not files:
        return []
    ((name, row),) = of.items()
    with recording():
        type(row).objects.select_for_update(no_key=True).get(pk=row.pk)  # one after the other
        there = dict(row.evidence.valid().values_list("sha256", "name"))
        check_new(files, there, called=called)
        return [insert(_unsaved(model, name, row, file), by=by) for file in files]


def add_to_new(model: type[models.Model], rows: Iterable, *, by, files, called: str, name: str):
    """Keep the same files with each of many rows that have none yet: one statement."""
    files = list(files)
    check_new(files, {}, called=called)
    kept = [_unsaved(model, name, row, file) for row in rows for file in files]
    for row in kept:
        row.recorded_by = by
        check(row)
    if kept:
        with translated(model, kept):
            model.objects.bulk_create(kept)
    return kept


def check_new(files: list[File], there: Mapping[str, str], *, called: str) -> None:
    """Refuses more than may be kept, and what is there already (digest and name)."""
    if len(there) + len(files) > MOST_FILES:
        raise ValidationError(
            {
                "files": f"証拠書類は一つの{called}に{MOST_FILES}個までです"
                f"（今ある{len(there)}個に{len(files)}個を加えられません）。"
            }
        )
    seen = dict(there)
    for file in files:
        if (same := seen.get(file.sha256)) is not None:
            raise ValidationError(
                {"files": f"「{file.name}」と同じ内容の書類「{same}」が既にあります。"}
            )
        seen[file.sha256] = file.name


def take_back(row, *, by, on: date, reason: str, version: int | None = None):
    """Take back a file that was added in error. It stays, and is given to nobody."""
    with recording(), acting(reason=reason):
        return void(row, by=by, on=on, reason=reason, version=version)


def _unsaved(model: type[models.Model], name: str, of: models.Model, file: File) -> models.Model:
    values = {field: getattr(file, field) for field in ("name", "kind", "size", "sha256")}
    row = model(agency_id=of.agency_id, synthetic=of.synthetic, **{name: of}, **values)
    row.content = file.content
    return row
