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


def main() -> int:
    found: dict[str, list[Measure]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for database, beside in (("SQLite", []), ("PostgreSQL", [ROOT / "bin" / "with-postgres"])):
            found[database] = _on(beside, Path(folder) / database)
            _write(found)  # it takes long: what is measured is kept
    counted = next(m.value for m in found["SQLite"] if m.name == "counts, ORM")
    found["LibreOffice"] = list(spreadsheet.measures(counted))
    found["by keyboard"] = list(keyboard.measures())
    found["both commands"] = list(first_page.measures())
    _write(found)
    print((HERE / "RESULTS.md").read_text(encoding="utf-8"))
    return 0 if all(m.holds is not False for group in found.values() for m in group) else 1


def _on(beside: list, folder: Path) -> list[Measure]:
    """Measure on one database, in a process of its own."""
    folder.mkdir()
    out = folder / "measures.json"
    keep = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE")}
    settings = {"LEDGER_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    call = [*map(str, beside), sys.executable, "-W", "ignore", "-m", "bench.ledger", str(out)]
    subprocess.run(call, cwd=ROOT, env=keep | settings, check=True)
    return [Measure(*row) for row in json.loads(out.read_text(encoding="utf-8"))]


def _write(found: dict[str, list[Measure]]) -> None:
    results, lines = {}, [
        "# What was measured",
        "",
        f"On {date.today().isoformat()}, {_machine()}.",  # noqa: DTZ011
        "Medians of several runs, side by side in one run of `make bench`; synthetic contracts.",
        "PostgreSQL forgets to fsync here, as in the tests.",
        "Pace: how many ms a million additions in a plain loop took right after. It says how fast",
        "the machine was just then, which changes twofold within minutes.",
        "",
        "| where | what | value | limit | holds | pace | note |",
        "|---|---|--:|--:|---|--:|---|",
    ]  # fmt: skip
    for where, measures in found.items():
        for m in measures:
            limit = "" if m.limit is None else f"{'≥' if m.at_least else '≤'} {m.limit:g}"
            holds = {None: "", True: "yes", False: "**no**"}[m.holds]
            pace = "" if m.pace is None else f"{m.pace:.0f}"
            value = f"{m.value:.3g} {m.unit}"
            lines.append(
                f"| {where} | {m.name} | {value} | {limit} | {holds} | {pace} | {m.note} |"
            )
            results[f"{where}: {m.name}"] = {
                "value": round(m.value, 4),
                "unit": m.unit,
                "limit": m.limit,
                "holds": m.holds,
            }
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = json.dumps(results, ensure_ascii=False, indent=2)
    (HERE / "results.json").write_text(text + "\n", encoding="utf-8")


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
