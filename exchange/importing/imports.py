"""The verbs of an import. What they ask for is done by a process (``working``)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from exchange import aside
from exchange.importing.kept import Job, Kept
from exchange.models import Import, State
from outsourcing.actions.base import change, insert, recording
from outsourcing.models import Agency

CHECK, CARRY_OUT = "check_import", "carry_out_import"
LONGEST_NAME = 255
# What can still be carried out, put right or withdrawn.
OPEN = (State.CHECKING, State.WRONG, State.UNMAPPED, State.WAITING, State.NOTHING, State.FAILED)


def receive(*, by, agency: Agency, upload, job: Job) -> Import:
    """Keep a file that was sent, and have it checked."""
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
