"""How long a large workbook takes to its preview and to the ledger, and how long others wait while
it is written: by the processes that the pages have it done by."""

from __future__ import annotations

import threading
import time
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from bench.exchanging import COLUMNS
from bench.measuring import Measure, seconds
from bench.people import officer_of
from exchange.importing import imports
from exchange.importing.kept import Job
from exchange.models import Import, State
from exchange.sheets import BY_KEY
from exchange.sheets.base import Chosen
from exchange.writing import XLSX, Workbook
from outsourcing.actions import contracts
from outsourcing.models import Agency, Contract
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope

PATIENCE = 120  # seconds
BETWEEN = 0.05  # seconds between two savings
OF_THE_OTHERS = ("契約コード", "機関名", "課室", "データの種類")


def importing():
    """A workbook of as many contracts as the survey counts, all new, for one agency."""
    agency = Agency.objects.get(code="A25")
    user, (content, number) = officer_of(agency), _workbook()
    job = Job(by=user.pk)
    upload = SimpleUploadedFile("contracts.xlsx", content, XLSX)
    row = None

    def check():
        nonlocal row
        row = imports.receive(by=user, agency=agency, upload=upload, job=job)
        _wait(row, State.CHECKING)

    size = f"{number:,} rows × {COLUMNS} columns"
    took = seconds(check)
    _require(row, State.WAITING, number)
    yield Measure("workbook checked to its preview", took, "s", 5, note=size)
    waits = Waits(agency, user)
    imports.release(row, by=user, job=job, version=row.version)
    took = seconds(lambda: waits.save_until(lambda: _is_over(row, State.CARRYING)))
    _require(row, State.DONE, number)
    yield Measure("workbook taken into the ledger", took, "s", 10, note=size)
    limit = 250 if connection.vendor == "postgresql" else None
    note = (
        f"longest of {len(waits.took)} savings of another user of the agency, none of which failed"
    )
    yield Measure("others' saving meanwhile", max(waits.took) * 1000, "ms", limit, note=note)


class Waits:
    """What another user of the agency waits for: to correct a contract and to register one."""

    def __init__(self, agency: Agency, user):
        self.scope, self.user = Scope.of([agency.pk]), user
        self.contract = Contract.objects.filter(agency=agency).valid().first()
        self.took: list[float] = []

    def save_until(self, over) -> None:
        failed: list[Exception] = []
        thread = threading.Thread(target=self._save, args=(over, failed))
        thread.start()
        thread.join()
        if failed:
            raise failed[0]

    def _save(self, over, failed: list) -> None:
        try:
            while not over():
                self.took += [seconds(self._correct), seconds(self._register)]
                time.sleep(BETWEEN)
        except Exception as error:  # told by who waits
            failed.append(error)
        finally:
            connection.close()

    def _correct(self) -> None:
        with seen_by(self.scope):
            title = f"{self.contract.title[:50]}　{len(self.took)}"
            contracts.correct(self.contract, by=self.user, title=title)

    def _register(self) -> None:
        old = self.contract
        names = ("title", "contractor", "concluded_on", "first_day", "agreed_last_day", "work",
                 "information", "clause")  # fmt: skip
        with seen_by(self.scope):
            fields = {name: getattr(old, name) for name in names}
            contracts.register(by=self.user, agency=old.agency, synthetic=old.synthetic, **fields)


def _workbook() -> tuple[bytes, int]:
    """The contracts of the ledger as new ones of one agency: the 25 columns in which there is
    anything, but for those that say whose they are. And how many there are."""
    sheet, out = BY_KEY["contracts"], BytesIO()
    rows = list(sheet.rows(Chosen(None)))
    kept = [
        place
        for place, column in enumerate(sheet.columns)
        if column.heading not in OF_THE_OTHERS and any(row[place] for row in rows)
    ]
    if len(kept) != COLUMNS:
        raise AssertionError(f"there are {len(kept)} columns with something in them")
    title = [sheet.columns[place].heading for place in kept].index("契約件名")
    new = [[row[place] for place in kept] for row in rows]
    for number, row in enumerate(new):
        row[title] += f"　{number}"
    fields = sheet.fields()
    with Workbook(out) as book:
        book.add(sheet.title, [fields[place] for place in kept], new)
    return out.getvalue(), len(new)


def _is_over(row: Import, state: State) -> bool:
    return Import.objects.get(pk=row.pk).state != state


def _wait(row: Import, state: State) -> None:
    until = time.monotonic() + PATIENCE
    while not _is_over(row, state):
        if time.monotonic() > until:
            raise TimeoutError(f"the import is {state} still")
        time.sleep(0.02)


def _require(row: Import, state: State, number: int) -> None:
    row.refresh_from_db()
    added = sum(sheet["added"] for sheet in row.totals)
    if row.state != state or added != number:
        raise AssertionError(f"{row.get_state_display()}: {row.failure} {row.totals}")
