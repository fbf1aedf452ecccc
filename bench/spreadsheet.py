"""The peer that offices use: a workbook that counts the same rows with COUNTIFS, in LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from openpyxl import Workbook

from bench.measuring import Measure, seconds, side_by_side
from surveys import figures
from surveys.sheets import LAYOUTS
from surveys.sheets.base import TOTAL

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def measures(counted_in_ms: float):
    """How long LibreOffice takes to open the workbook and count, beside ``counted_in_ms``."""
    office = shutil.which("soffice")
    if office is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        plain, counting = place / "empty.xlsx", place / "countifs.xlsx"
        Workbook().save(plain)
        _counting_workbook().save(counting)
        works = {
            "empty": lambda: _open(office, plain, place),
            "countifs": lambda: _open(office, counting, place),
        }
        times = side_by_side(works, rounds=3)
    counting_took = times["countifs"] - times["empty"]
    yield Measure("COUNTIFS in LibreOffice, opened and counted", counting_took, "s")
    faster = counting_took * 1000 / counted_in_ms
    yield Measure("COUNTIFS in LibreOffice / ORM", faster, "times", 100, at_least=True)


def _open(office: str, file: Path, folder: Path) -> None:
    """Open a workbook, count, and save the values: without them it cannot be saved as CSV."""
    call = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    call += ["--convert-to", "csv", "--outdir", str(folder), str(file)]
    subprocess.run(call, check=True, capture_output=True)


def _counting_workbook() -> Workbook:
    """Sheet one counts, sheet two has a row for each of the 22,618 contracts."""
    codes = [
        line.partition(",")[0]
        for line in (FIXTURES / "agencies.csv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    rows = figures.read(FIXTURES / "published-2017.csv", codes)
    book = Workbook()
    counts, data = book.active, book.create_sheet("data")
    for row in rows:
        information = LAYOUTS[row.sheet].information
        if row.agency:
            for status, number in row.numbers.items():
                if status != TOTAL:
                    for _ in range(number):
                        data.append([information, row.agency, row.agency[0], status])
        for column in row.numbers:
            conditions = [f'data!$A$2:$A$22619,"{information}"']
            if row.agency:
                conditions.append(f'data!$B$2:$B$22619,"{row.agency}"')
            elif row.row != TOTAL or row.sheet.endswith(("organs", "agencies")):
                letter = "A" if "organ" in (row.row + row.sheet) else "B"
                conditions.append(f'data!$C$2:$C$22619,"{letter}"')
            if column != TOTAL:
                conditions.append(f'data!$D$2:$D$22619,"{column}"')
            counts.append([row.sheet, row.row, column, f"=COUNTIFS({','.join(conditions)})"])
    data.insert_rows(1)
    return book


if __name__ == "__main__":
    print(seconds(lambda: list(measures(20.0))))
