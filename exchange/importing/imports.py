"""The verbs of an import, and what its processes do: check a file, carry it out.

An import is checked and carried out by a process of its own, in one transaction with the word that
it is done. One that ends before has written nothing, whatever ended it, and can be begun again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from exchange import aside
from exchange.importing import foreseen, kept, mappings, marked, preview
from exchange.importing.kept import Job, Kept, Step
from exchange.importing.plan import Plan
from exchange.importing.recognizing import recognize
from exchange.models import Import, State
from exchange.reading import Book, Refused, read
from exchange.reading.cells import office_rows
from outsourcing.actions.base import Conflict, change, insert, recording
from outsourcing.models import Agency, Contract
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope
from trail.context import acting

logger = logging.getLogger(__name__)

AT_ONCE = 2  # files that are checked at one time on this machine
CHECK, CARRY_OUT = "check_import", "carry_out_import"
LONGEST_NAME = 255
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
# What can still be carried out, put right or withdrawn.
OPEN = (State.CHECKING, State.WRONG, State.UNMAPPED, State.WAITING, State.NOTHING, State.FAILED)


def plan_of(book: Book, **how) -> Plan:
    from exchange.importing.checking import check

    return check(book, **how)


class Checked(NamedTuple):
    plan: Plan
    preview: preview.Preview


# --- Asked for on pages ----------------------------------------------------------------------


def receive(*, by, agency: Agency, upload, job: Job) -> Import:
    """Keep a file that was sent, and have it checked."""
    kept.sweep()
    row = Import(agency=agency, file_name=upload.name[-LONGEST_NAME:])
    folder = Kept(row.public_id)
    folder.make()
    try:
        row.sha256, row.size = folder.take(upload)
        with recording():
            insert(row, by=by)
    except BaseException:
        folder.forget()
        raise
    _ask(folder, CHECK, job)
    return row


def check_again(row: Import, *, by, job: Job, version: int) -> None:
    """Begin anew: it was interrupted, or the columns have been said, or it is wanted."""
    if row.state not in OPEN:
        raise ValidationError(f"この取込みは「{row.get_state_display()}」のため、検査できません。")
    if row.state == State.CHECKING and Kept(row.public_id).is_going:
        raise ValidationError("この取込みは、検査しているところです。")
    _require(row)
    with recording():
        change(row, by=by, version=version, state=State.CHECKING, failure="")
    _ask(Kept(row.public_id), CHECK, job)


def release(row: Import, *, by, job: Job, version: int) -> None:
    """Have it carried out, as it was shown."""
    if row.state != State.WAITING:
        raise ValidationError(f"この取込みは「{row.get_state_display()}」のため、反映できません。")
    _require(row)
    with recording():
        change(row, by=by, version=version, state=State.CARRYING, released_by=by, failure="")
    _ask(Kept(row.public_id), CARRY_OUT, job)


def resume(row: Import, *, by, version: int) -> None:
    """What was interrupted while it was carried out waits again to be."""
    if row.state != State.CARRYING or Kept(row.public_id).is_going:
        raise ValidationError("この取込みは、中断していません。")
    with recording():
        change(row, by=by, version=version, state=State.WAITING, released_by=None)


def withdraw(row: Import, *, by, version: int) -> None:
    """Nothing of it is taken in, and the file is deleted."""
    if row.state not in OPEN:
        raise ValidationError(
            f"この取込みは「{row.get_state_display()}」のため、取り下げられません。"
        )
    with recording():
        change(row, by=by, version=version, state=State.WITHDRAWN)
    transaction.on_commit(Kept(row.public_id).forget)


def _require(row: Import) -> None:
    if not Kept(row.public_id).is_there:
        raise ValidationError(
            "ファイルは、アップロードから30日を過ぎたため消しました。もう一度アップロードしてください。"
        )


def _ask(folder: Kept, command: str, job: Job) -> None:
    folder.prepare(job)
    # Not before what was written can be seen by the process.
    transaction.on_commit(lambda: aside.start(command, folder.folder.name, tied=True))


# --- Done by a process -----------------------------------------------------------------------


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
    from exchange.importing.committing import MovedOn

    folder, by = Kept(row.public_id), _user(row)
    with _at_work(row, folder, by, tied=tied), kept.a_turn("carrying", 1):
        folder.say(Step.CARRYING)
        shown, book = preview.load(folder), _read(row, folder)
        with seen_by(scope_of(row)):
            plan, typed, _ = _plan(row, book, by, folder.job.sections)
        if plan.can_be_carried_out and preview.digest_of(plan, typed) == shown.digest:
            with suppress(MovedOn):  # somebody wrote in between
                write(row, plan, by=by)
        row.refresh_from_db()
        if row.state == State.DONE:
            folder.forget()
            return
        with seen_by(scope_of(row)):
            found = _check(row, folder, book, by)
        _settle(row, by, **_outcome(found) | {"released_by": None, "failure": MOVED_ON})
        _mark(folder, book, found.plan)


def write(row: Import, plan: Plan, *, by):
    """The whole plan, and that it is done; meanwhile pages say that others wait."""
    from exchange.importing import committing

    def say_so() -> None:
        done = {"state": State.DONE, "released_by": by, "carried_out_at": timezone.now()}
        change(row, by=by, **done)

    with _carrying():
        fresh, scope = is_fresh(row.agency), scope_of(row)
        return committing.carry_out(plan, by=by, fresh=fresh, scope=scope, then=say_so)


@contextmanager
def _carrying() -> Iterator[None]:
    sign = kept.carrying_sign()
    try:
        with aside.alive(sign):
            yield
    finally:
        sign.unlink(missing_ok=True)


def _read(row: Import, folder: Kept) -> Book:
    if (book := folder.book) is None:
        folder.say(Step.READING)
        book = read(folder.upload, name=row.file_name)
        folder.keep_book(book)
    return book


def _check(row: Import, folder: Kept, book: Book, by) -> Checked:
    """Make the plan, and what pages show of it."""
    folder.say(Step.CHECKING)
    plan, typed, touched = _plan(row, book, by, folder.job.sections)
    findings = {}
    if plan.can_be_carried_out:
        from exchange.importing import expecting

        folder.say(Step.EXPECTING)
        findings = foreseen.of(expecting.expect(plan))
    made = preview.keep(folder, plan, typed, touched=touched, findings=findings)
    folder.keep_sheets([mappings.look_at(sheet)._asdict() for sheet in book])
    return Checked(plan, made)


def _plan(row: Import, book: Book, by, sections: list[int] | None):
    """The plan; what stands in the file; whose sections it touches."""
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
    return plan, typed_rows(book, plan, as_said), touched


def typed_rows(book: Book, plan: Plan, said) -> dict[str, tuple[list[str], dict[int, list]]]:
    """What stands in each sheet of the file: its headings, and the values under them by row."""
    found = {}
    for planned in plan:
        sheet = book.sheet(planned.name)
        head = recognize(sheet, said.get(sheet.name)) if sheet else None
        if head is not None:
            places = sorted(head.headings)
            rows = office_rows(sheet, below=head.row, struck=True)
            found[sheet.name] = (
                [head.headings[place] for place in places],
                {row.number: [row.at(place) for place in places] for row in rows},
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
        "totals": found.preview.totals,
        "mistakes": len(plan.mistakes),
        "appearing": foreseen.number(findings, foreseen.APPEARING),
        "clearing": foreseen.number(findings, foreseen.CLEARING),
        "failure": "",
    }


def _mark(folder: Kept, book: Book, plan: Plan) -> None:
    folder.marked.unlink(missing_ok=True)
    if plan.mistakes:
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
    with aside.alive(folder.sign, tied=tied), acting(**who, **why):
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
