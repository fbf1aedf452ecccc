"""Measures everything and writes bench/RESULTS.md and bench/results.json."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from bench import first_page, keyboard, spreadsheet
from bench.measuring import Measure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


# What ``python -m bench entering`` measures alone: minutes, where the whole takes most of an hour.
PARTS = ("entering", "exchange", "importing", "auditing")


def main(parts: list[str]) -> int:
    if set(parts) - set(PARTS):
        print(f"There are no such parts: {parts}. There are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    found: dict[str, list[Measure]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for database, beside in (("SQLite", []), ("PostgreSQL", [ROOT / "bin" / "with-postgres"])):
            found[database] = _on(beside, Path(folder) / database, parts)
            if not parts:  # a ledger that twice as much is in would be another to all the rest
                found[database] += _on(beside, Path(folder) / f"{database}-imports", ["importing"])
            _write(found)  # it takes long: what is measured is kept
    if not parts or "entering" in parts:
        found["by keyboard"] = list(keyboard.measures())
    if not parts:
        counted = next(m.value for m in found["SQLite"] if m.name == "counts, ORM")
        found["LibreOffice"] = list(spreadsheet.measures(counted))
        found["both commands"] = list(first_page.measures())
    _write(found)
    print((HERE / "RESULTS.md").read_text(encoding="utf-8"))
    return 0 if all(m.holds is not False for group in found.values() for m in group) else 1


def _on(beside: list, folder: Path, parts: list[str]) -> list[Measure]:
    """Measure on one database, in a process of its own."""
    folder.mkdir()
    out = folder / "measures.json"
    keep = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE")}
    settings = {"LEDGER_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    python = [sys.executable, "-W", "ignore", "-m", "bench.ledger"]
    call = [*map(str, beside), *python, str(out), *parts]
    subprocess.run(call, cwd=ROOT, env=keep | settings, check=True)
    return [Measure(*row) for row in json.loads(out.read_text(encoding="utf-8"))]


def _write(found: dict[str, list[Measure]]) -> None:
    """Each measure with the day it was made; what was not measured now stays as it stood."""
    rows = _rows_before()
    file = HERE / "results.json"
    results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    today = date.today().isoformat()  # noqa: DTZ011
    for where, measures in found.items():
        for m in measures:
            limit = "" if m.limit is None else f"{'≥' if m.at_least else '≤'} {m.limit:g}"
            holds = {None: "", True: "yes", False: "**no**"}[m.holds]
            pace = "" if m.pace is None else f"{m.pace:.0f}"
            cells = [where, m.name, f"{m.value:.3g} {m.unit}", limit, holds, pace, today, m.note]
            rows[where, m.name] = f"| {' | '.join(cells)} |"
            results[f"{where}: {m.name}"] = {
                "value": round(m.value, 4),
                "unit": m.unit,
                "limit": m.limit,
                "holds": m.holds,
                "on": today,
            }
    lines = [
        "# What was measured",
        "",
        f"On {_machine()}.",
        "Medians of several runs, side by side in one run of `make bench`; synthetic contracts.",
        "PostgreSQL forgets to fsync here, as in the tests.",
        "Pace: how many ms a million additions in a plain loop took right after. It says how fast",
        "the machine was just then, which changes twofold within minutes.",
        "",
        "| where | what | value | limit | holds | pace | on | note |",
        "|---|---|--:|--:|---|--:|---|---|",
        *sorted(rows.values(), key=lambda row: ORDER.index(_cells(row)[0])),
    ]  # fmt: skip
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = json.dumps(results, ensure_ascii=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8")


ORDER = ("SQLite", "PostgreSQL", "LibreOffice", "by keyboard", "both commands")


def _rows_before() -> dict[tuple[str, str], str]:
    """By where and what."""
    file = HERE / "RESULTS.md"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = [line for line in lines if line.startswith("| ") and _cells(line)[0] in ORDER]
    return {tuple(_cells(row)[:2]): row for row in rows}


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
