"""Imports as tests begin with them: received, and checked by hand-made plans."""

from __future__ import annotations

from datetime import date
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Role
from exchange import aside
from exchange.importing import imports, mappings, preview
from exchange.importing.kept import Job, Kept
from exchange.importing.plan import Plan
from exchange.models import Import, State
from exchange.reading import Book, Row, Sheet
from outsourcing.models import Agency, Contract
from tests import factories as make
from tests.exchange.importing import lines

THEIRS = Sheet(
    "委託一覧",
    rows=[
        Row(1, ["件名", "相手先", "開始", "備考"]),
        Row(2, ["健康診断", "株式会社甲", date(2017, 4, 1), None]),
        Row(3, ["データ入力", "乙株式会社", "平成29年4月1日", "急ぎ"]),
    ],
)


PLAIN = {
    "委託先": "株式会社甲",
    "契約締結日": "2017-03-21",
    "契約期間の初日": "2017-04-01",
    "契約期間の末日（当初）": "2018-03-31",
    "業務の種類": Contract.Work.DATA_ENTRY.label,
    "情報の種類": Contract.Information.PERSONAL.label,
    "再委託の条項": "禁止",
}


def csv_of(*titles: str, **columns: str) -> bytes:
    """A sheet of contracts of these titles, otherwise alike; ``columns`` are said besides."""
    said = {"契約件名": "", "契約締結日": ""} | PLAIN | columns
    said = {"契約件名": "", "委託先": said.pop("委託先")} | said
    lines = [",".join(said), *(",".join((said | {"契約件名": title}).values()) for title in titles)]
    return "\n".join(lines).encode("utf-8-sig")


def received(*, agency: Agency, by=None, content: bytes = b"PK", name="契約.xlsx") -> Import:
    """A file that has been sent, and not been looked at."""
    by = by or make.user(role=Role.IMPORTER, agency=agency)
    upload = SimpleUploadedFile(name, content)
    with mock.patch.object(aside, "start"):
        return imports.receive(by=by, agency=agency, upload=upload, job=Job(by=by.pk))


def checked(
    *, agency: Agency, by=None, plan: Plan | None = None, state=State.WAITING, touched=(), **more
) -> Import:
    """One whose preview stands."""
    row = received(agency=agency, by=by, **more)
    plan = plan or lines.plan(lines.sheet_plan(added=1))
    kept, book = Kept(row.public_id), Book(row.file_name, sheets=[THEIRS])
    kept.keep_book(book)
    made = preview.keep(kept, plan, lines.typed(plan), touched=touched)
    kept.keep_sheets([mappings.look_at(sheet)._asdict() for sheet in book])
    row.state, row.totals, row.mistakes = state, preview.totals_of(plan), made.mistakes
    row.checked_at = timezone.now()
    row.save()
    kept.sign.unlink(missing_ok=True)
    return row
