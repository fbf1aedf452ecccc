"""The keys that entering a contract takes in a real browser, beside those in a spreadsheet.

The browser is driven by the tests, which record what they counted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from bench.measuring import Measure
from bench.typing import from_last_years_rows, in_a_spreadsheet

ROOT = Path(__file__).resolve().parent.parent
JOBS = {"from nothing": "", "from last year's copy": "_from_last_year"}


def measures():
    sheet = in_a_spreadsheet()
    note = "not checked, nobody is told of a breach; name and number of each company typed in full"
    yield Measure("three levels in a spreadsheet, cells", sheet.cells, "cells", note=note)
    yield Measure("three levels in a spreadsheet, keys", sheet.keys, "keys", note=note)
    copied = from_last_years_rows()
    note = "typed over; approvals and marks of confirmation are copied unasked, and nobody is told"
    yield Measure("a year later in a spreadsheet, cells", copied.cells, "cells", note=note)
    yield Measure("a year later in a spreadsheet, keys", copied.keys, "keys", note=note)
    counted = _counted()
    for name, suffix in JOBS.items():
        yield Measure(f"three levels {name}, keys", counted[f"keys{suffix}"], "keys")
        yield Measure(f"three levels {name}, pages loaded", counted[f"loads{suffix}"], "pages")
    yield Measure("next field ready after a key, at worst", counted["slowest"], "ms", 100)
    yield Measure("keys / in a spreadsheet", counted["keys"] / sheet.keys, "times")


def _counted() -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        call = [sys.executable, "-m", "pytest", "-q", "tests/browser/test_entering.py"]
        call += [
            "-k",
            "by_keyboard_alone or typing_goes_on",
            f"--junitxml={report}",
            "-o",
            "junit_family=xunit1",
        ]
        subprocess.run(call, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return {
            found.get("name"): int(found.get("value"))
            for found in ET.parse(report).iter("property")
        }
