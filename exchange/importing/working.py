"""What the processes of an import do: check a file, carry it out. All of it is written in one
transaction with the word that it is done: a process that ends before has written nothing, whatever
ended it, and what it did can be begun again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from exchange import aside
from exchange.importing import committing, expecting, foreseen, kept, mappings, preview
from exchange.importing.checking import check as plan_of
from exchange.importing.imports import LONGEST_NAME
from exchange.importing.kept import Kept, Step
from exchange.importing.plan import Plan
from exchange.importing.recognizing import recognize
from exchange.importing.refusals import MovedOn
from exchange.models import Import, State
from exchange.reading import Book, Refused, read
from exchange.reading.cells import office_rows
from outsourcing.actions.base import Conflict, change, insert, recording
from outsourcing.bulk import without_collector
from outsourcing.models import Agency, Contract
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope
from trail.context import acting

logger = logging.getLogger(__name__)

AT_ONCE = 2  # files that are checked at one time on this machine
NOTHING_WRITTEN = "台帳には何も書かれていません。"
TOO_LARGE = (
    "ファイルを調べるのに必要なメモリーが上限を超えました。ファイルを分けて、もう一度アップロードしてください。"
    f"{NOTHING_WRITTEN}"
)
UNEXPECTED = (
    f"予期しない誤りが起きたため、中断しました。{NOTHING_WRITTEN}もう一度始めても同じことが起きるときは、"
    "システム管理者に知らせてください。"
)
MOVED_ON = (
    "検査した後に台帳が変わったため、反映を取りやめました。台帳には何も書かれていません。今の台帳と"
    "照らし合わせ直しましたので、内容を確かめてから、もう一度「反映する」を押してください。"
)


class Checked(NamedTuple):
    plan: Plan
    preview: preview.Preview


def check(row: Import, *, tied: bool = False) -> None:
    """Read the file, make the plan, keep what it would do, and say so."""
    folder, by = Kept(row.public_id), _user(row)
    with _at_work(row, folder, by, tied=tied), kept.a_turn("checking", AT_ONCE):
        book = _read(row, folder)
        with seen_by(scope_of(row)):
            found = _check(row, folder, book, by)
        _settle(row, by, kind=book.kind, **_outcome(found))
        _mark(folder, book, found.plan)


def carry_out(row: Import, *, tied: bool = False) -> None:
    """Check anew, and write what was shown: all of it or nothing."""
    folder, by = Kept(row.public_id), _user(row)
    with _at_work(row, folder, by, tied=tied), kept.a_turn("carrying", 1):
        folder.say(Step.CONFIRMING)
        shown, book = preview.load(folder), _read(row, folder)
        with seen_by(scope_of(row)):
            plan, *_ = _plan(row, book, by, folder.job.sections)
        if plan.can_be_carried_out and preview.digest_of(plan) == shown.digest:
            with suppress(MovedOn):  # somebody wrote in between
                folder.say(Step.WRITING)
                write(row, plan, by=by)
        row.refresh_from_db()
        if row.state == State.DONE:
            folder.forget()
            return
        with seen_by(scope_of(row)):
            found = _check(row, folder, book, by)
        _settle(row, by, **_outcome(found) | {"released_by": None, "failure": MOVED_ON})
        _mark(folder, book, found.plan)


# --- By an operator, of the whole ledger ------------------------------------------------------


def look_at(file: Path, *, by) -> tuple[Import, Book, Plan]:
    """What taking in a file would do; nothing of it is kept."""
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        size = content.tell()
    book = read(file, name=file.name)
    row = Import(file_name=file.name[-LONGEST_NAME:], sha256=sha256, size=size, kind=book.kind)
    plan, *_ = _plan(row, book, by, None)
    return row, book, plan


def carry_out_at_once(row: Import, plan: Plan, *, by) -> None:
    """The plan, and the record of it, in one transaction."""
    row.checked_at, row.totals = timezone.now(), preview.totals_of(plan)
    who = {"user": str(by), "user_id": by.pk}
    with acting(**who, request=row.public_id.hex, reason=reason_of(row)):
        write(row, plan, by=by)


def write(row: Import, plan: Plan, *, by) -> committing.Counts:
    """The whole plan, and that it is done; meanwhile pages say that others wait."""

    def say_so() -> None:
        done = {"state": State.DONE, "released_by": by, "carried_out_at": timezone.now()}
        if row.pk is None:
            insert(row, by=by)
        change(row, by=by, **done)

    with _carrying():
        fresh, scope = is_fresh(row.agency), scope_of(row)
        return committing.carry_out(plan, by=by, fresh=fresh, scope=scope, then=say_so)


@contextmanager
def _carrying() -> Iterator[None]:
    sign = kept.carrying_sign()
    sign.parent.mkdir(exist_ok=True, mode=0o700)
    _keep_in_memory(True)
    try:
        with aside.alive(sign):
            yield
    finally:
        sign.unlink(missing_ok=True)
        _keep_in_memory(False)


def _keep_in_memory(whether: bool) -> None:
    """On SQLite, what is not committed yet: written out before, it would keep others from reading
    until the end."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_spill = {'OFF' if whether else 'ON'}")


def _read(row: Import, folder: Kept) -> Book:
    if (book := folder.book) is None:
        folder.say(Step.READING)
        book = read(folder.upload, name=row.file_name)
        folder.keep_book(book)
    return book


def _check(row: Import, folder: Kept, book: Book, by) -> Checked:
    """Make the plan, and what pages show of it."""
    folder.say(Step.CHECKING)
    plan, said, touched = _plan(row, book, by, folder.job.sections)
    findings = {}
    if plan.can_be_carried_out:
        folder.say(Step.EXPECTING)
        findings = foreseen.of(expecting.expect(plan), plan)
    typed = typed_rows(book, plan, said)
    made = preview.keep(folder, plan, typed, touched=touched, findings=findings)
    folder.keep_sheets([mappings.look_at(sheet)._asdict() for sheet in book])
    return Checked(plan, made)


def _plan(row: Import, book: Book, by, sections: list[int] | None):
    """The plan; what columns of others' sheets are said to mean; whose sections it touches."""
    touched: set[tuple[int, int | None]] = set()
    said = mappings.known(book, row.agency)
    as_said = mappings.as_said(said)
    plan = plan_of(
        book,
        reads=scope_of(row),
        may_write=_may_write(row.agency, sections, touched),
        by=by,
        mappings=as_said,
        fresh=is_fresh(row.agency),
        agency=row.agency,
    )
    plan.cautions += mappings.cautions(said)
    return plan, as_said, touched


def typed_rows(book: Book, plan: Plan, said) -> preview.Typed:
    """What stands in each sheet of the file: its headings, and of rows that are shown in full the
    values under them."""
    found = {}
    for planned in plan:
        sheet = book.sheet(planned.name)
        head = recognize(sheet, said.get(sheet.name)) if sheet else None
        if head is not None:
            places = sorted(head.headings)
            shown = {line.number for one in preview.IN_FULL for line in planned.of(one)}
            rows = office_rows(sheet, below=head.row, struck=True) if shown else ()
            found[sheet.name] = (
                [head.headings[place] for place in places],
                {r.number: [head.at(p, r) for p in places] for r in rows if r.number in shown},
            )
    return found


def _outcome(found: Checked) -> dict:
    """What an import says of itself once it is checked."""
    plan = found.plan
    if plan.unmapped:
        state = State.UNMAPPED
    elif plan.mistakes:
        state = State.WRONG
    else:
        state = State.WAITING if plan.changes_something else State.NOTHING
    findings = found.preview.findings
    return {
        "state": state,
        "checked_at": timezone.now(),
        "totals": preview.totals_of(plan),
        "mistakes": len(plan.mistakes),
        "appearing": foreseen.number(findings, foreseen.APPEARING),
        "clearing": foreseen.number(findings, foreseen.CLEARING),
        "failure": "",
    }


def _mark(folder: Kept, book: Book, plan: Plan) -> None:
    folder.marked.unlink(missing_ok=True)
    if plan.mistakes:
        from exchange.importing import marked  # loads openpyxl, which others need not wait for

        folder.say(Step.MARKING)
        marked.write(folder.marked, book, plan.mistakes)


def _may_write(agency: Agency | None, sections: list[int] | None, touched: set) -> Callable:
    """Within the agency, for these sections; what is asked for is noted."""

    def may(agency_id: int, section_id: int | None) -> bool:
        touched.add((agency_id, section_id))
        if agency is None:
            return True
        return agency_id == agency.pk and (sections is None or section_id in sections)

    return may


@contextmanager
def _at_work(row: Import, folder: Kept, by, *, tied: bool) -> Iterator[None]:
    """Gives signs of life, acts for the user, and says what went wrong."""
    job = folder.job
    who = {"user": str(by), "user_id": by.pk, "address": job.address}
    why = {"request": row.public_id.hex, "reason": reason_of(row)}
    with aside.alive(folder.sign, tied=tied), acting(**who, **why), without_collector():
        try:
            yield
        except Conflict as conflict:
            if conflict.row.state == State.WITHDRAWN:
                folder.forget()
        except Refused as refused:
            _fail(row, by, str(refused))
        except ValidationError as refused:
            _fail(row, by, f"{' '.join(refused.messages)}{NOTHING_WRITTEN}")
        except MemoryError:
            _fail(row, by, TOO_LARGE)
        except Exception:
            logger.exception("The import %s failed", row.public_id)
            _fail(row, by, UNEXPECTED)
    folder.sign.unlink(missing_ok=True)


def _settle(row: Import, by, **values) -> None:
    with recording():
        change(row, by=by, **values)


def _fail(row: Import, by, why: str) -> None:
    row.refresh_from_db()  # what a transaction took back stands in the row still
    if row.state in (State.CHECKING, State.CARRYING):
        _settle(row, by, state=State.FAILED, failure=why[:2000])


def _user(row: Import):
    return get_user_model().objects.get(pk=Kept(row.public_id).job.by)


def scope_of(row: Import) -> Scope:
    return Scope.everything() if row.agency_id is None else Scope.of([row.agency_id])


def is_fresh(agency: Agency | None) -> bool:
    """Whether codes of a file are kept as they are: by an operator, and in an empty ledger."""
    return agency is None or not Contract.objects.filter(agency=agency).exists()


def reason_of(row: Import) -> str:
    """Stands with every change that an import makes, on the trail."""
    return f"取込み：{row.file_name}（SHA-256 {row.sha256}）"
