"""The verbs of 是正・再発防止策: begin what is done about findings, correct it, close it, open it
again, take it back; and its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.core.exceptions import ValidationError

from guideline.correction_targets import Target, last_day_of
from guideline.models import CorrectionEvidence, CorrectiveAction, Measure
from outsourcing.actions import evidence
from outsourcing.actions.base import (
    Change,
    change,
    change_many,
    each,
    insert_many,
    recording,
    void,
)
from outsourcing.bulk import new_row
from outsourcing.evidence_files import File, size_in_words
from trail.context import acting

CALLED = "措置"
WORDS = ("measure", "description", "closed_on", "outcome")
MOST_BYTES_AT_ONCE = 100 * 1024 * 1024  # of files kept with each of many


def begin(
    targets: Iterable[Target], *, by, officer=None, files: Iterable[File] = (), **fields
) -> list[CorrectiveAction]:
    """Record the same measure for each of these findings, with the same evidence; all or none.

    ``fields``: measure, description, started_on, due_on, closed_on, outcome, document_number.
    Without an ``officer`` that of each contract is in charge, and where there is none who records.
    Raises ValidationError, by field.
    """
    check_words(fields)
    targets, files = list(targets), list(files)
    _check_size(files, len(targets))
    rows = [unsaved(target, officer=officer or target.officer or by, **fields)
            for target in targets]  # fmt: skip
    with recording():
        begin_many(rows, by=by)
        evidence.add_to_new(
            CorrectionEvidence, rows, by=by, files=files, called=CALLED, name="action"
        )
    return rows


def begin_many(rows: Iterable[CorrectiveAction], *, by) -> list[CorrectiveAction]:
    """Record unsaved actions; all or none."""
    with recording() as touched:
        rows = insert_many(rows, by=by)
        for row in rows:
            _touch(touched, row)
    return rows


def record_many(
    *, by, new: Iterable[CorrectiveAction] = (), changes: Iterable[Change] = ()
) -> None:
    """Record unsaved actions about what they name, and change others, each to values of its own;
    all or none."""
    new = list(new)
    for row in new:
        of = row.contract or row.disclosure
        row.agency_id, row.synthetic = of.agency_id, of.synthetic
    with recording() as touched:
        begin_many(new, by=by)
        changed = change_many(list(changes), by=by)
        each([*new, *changed], lambda row: check_words({n: getattr(row, n) for n in WORDS}))
        for row in changed:
            _touch(touched, row)


def unsaved(target: Target, **fields) -> CorrectiveAction:
    """An action about a finding, of whose days it says those that it has now."""
    of, finding = target.of, target.finding
    return new_row(
        CorrectiveAction,
        agency_id=of.agency_id,
        synthetic=of.synthetic,
        contract_id=finding.contract_id,
        disclosure_id=finding.disclosure_id,
        rule=finding.rule,
        subject=finding.subject,
        first_day=finding.since,
        last_day=last_day_of(finding),
        **fields,
    )


def correct(row: CorrectiveAction, *, by, version: int | None = None, **values):
    """Change what is recorded of it: what was typed wrong, its due day, who is in charge."""
    check_words({name: getattr(row, name) for name in WORDS} | values)
    return _changed(row, by=by, version=version, **values)


def close(
    row: CorrectiveAction, *, by, closed_on: date, outcome: str, version: int | None = None
) -> CorrectiveAction:
    """Say that it is done, and what came of it. Its finding is settled once all its actions are."""
    if row.closed_on is not None:
        raise ValidationError(f"この措置は「{row.closed_on}」に完了しています。")
    check_words({"closed_on": closed_on, "outcome": outcome})
    return _changed(row, by=by, version=version, closed_on=closed_on, outcome=outcome)


def reopen(row: CorrectiveAction, *, by, reason: str, version: int | None = None):
    """Say that it is not done after all. What was said of its end stays in the trail."""
    if row.closed_on is None:
        raise ValidationError("この措置はまだ完了していません。")
    with acting(reason=reason):
        return _changed(row, by=by, version=version, closed_on=None, outcome="")


def void_action(
    row: CorrectiveAction, *, by, on: date, reason: str, version: int | None = None
) -> CorrectiveAction:
    """Take back what was recorded in error: its finding is as if there had been none."""
    with recording() as touched, acting(reason=reason):
        void(row, by=by, on=on, reason=reason, version=version)
        _touch(touched, row)
    return row


def add_evidence(row: CorrectiveAction, *, by, files: Iterable[File]) -> list[CorrectionEvidence]:
    """Keep files with it. What it has already is refused, by what the files hold."""
    return evidence.add(CorrectionEvidence, by=by, files=files, called=CALLED, action=row)


def void_evidence(row: CorrectionEvidence, *, by, on: date, reason: str, version=None):
    """Take back a file that was added in error. It stays, and is given to nobody."""
    return evidence.take_back(row, by=by, on=on, reason=reason, version=version)


def check_words(values: Mapping) -> None:
    """Raise what is missing in words, by field: see ``missing_words``."""
    if problems := dict(missing_words(values)):
        raise ValidationError(problems)


def missing_words(values: Mapping) -> Iterator[tuple[str, str]]:
    """What is done says what came of it, and what is not says nothing of it yet; what is of no
    other kind says what it is."""
    if values.get("measure") == Measure.OTHER and not values.get("description"):
        yield (
            "description",
            f"措置の種類が「{Measure.OTHER.label}」です。措置の内容を入力してください"
            "（例：委託先の選定基準を改めた）。",
        )
    closed, outcome = values.get("closed_on"), values.get("outcome")
    if closed and not outcome:
        yield (
            "outcome",
            f"完了日「{closed}」が入力されています。完了の内容を入力してください"
            "（例：委託先から改善報告書を受け取った）。",
        )
    if outcome and not closed:
        yield (
            "closed_on",
            f"完了の内容「{outcome[:40]}」が入力されています。完了日を入力してください"
            "（例：2018-10-01）。まだ完了していないときは、完了の内容を空にしてください。",
        )


def _changed(row: CorrectiveAction, *, by, version: int | None, **values) -> CorrectiveAction:
    with recording() as touched:
        change(row, by=by, version=version, **values)
        _touch(touched, row)
    return row


def _touch(touched, row: CorrectiveAction) -> None:
    if row.contract_id is not None:
        touched.add(row.contract_id)
    else:
        touched.disclosures.add(row.disclosure_id)


def _check_size(files: list[File], number: int) -> None:
    size = number * sum(file.size for file in files)
    if size > MOST_BYTES_AT_ONCE:
        raise ValidationError(
            {
                "files": f"証拠書類（合わせて{size_in_words(size // number)}）を{number}件に"
                f"添えると{size_in_words(size)}になります。一度に添えられるのは"
                f"{size_in_words(MOST_BYTES_AT_ONCE)}までです。"
                "記録した後に、一件ずつ添えてください。"
            }
        )
