"""What the README promises about the code as a whole, read off the files."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Whom each app may import. Facts know no law; the law knows no returns.
MAY_IMPORT = {
    "trail": set(),
    "outsourcing": {"trail"},
    "accounts": {"outsourcing", "trail"},
    "guideline": {"outsourcing", "trail"},
    "surveys": {"outsourcing", "guideline", "trail"},
    "audit": {"outsourcing", "guideline", "surveys", "exchange", "trail"},
    "exchange": {"outsourcing", "guideline", "surveys", "trail"},
    "config": {"outsourcing", "guideline", "surveys", "audit", "exchange", "accounts", "trail"},
}
MOST_LINES = 400

# Put together from parts, so that this file does not hold what it looks for.
_HOMES = "|".join(["ho" + "me", "Us" + "ers", "ro" + "ot", "wo" + "rk", "o" + "pt"])
_HOSTS = "|".join(["py" + "pi", "pythonho" + "sted", "npm" + "js", "/sim" + "ple/"])
MACHINE_PATHS = re.compile(rf"(?<![\w.<])/(?:{_HOMES})/\w")
REGISTRIES = re.compile(rf"https?://[^\s\"']*(?:{_HOSTS})")


def tracked(*suffixes):
    """Files under version control, and those about to be, as they stand."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    files = [ROOT / name for name in listed if name]
    return [file for file in files if file.is_file() and file.name.endswith(suffixes or "")]


def imported_apps(source):
    """The apps that a module names in its imports, wherever in it they stand."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def forbidden(app, source):
    return {name for name in imported_apps(source) if name in MAY_IMPORT} - MAY_IMPORT[app] - {app}


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_no_arrow_runs_back(app):
    backwards = {
        str(file.relative_to(ROOT)): names
        for file in (ROOT / app).rglob("*.py")
        # A migration names the apps it waits for as strings, and belongs to its own app.
        if "migrations" not in file.parts
        if (names := forbidden(app, file.read_text(encoding="utf-8")))
    }
    assert backwards == {}


@pytest.mark.parametrize(
    "line",
    [
        "from guideline.models import Finding",
        "import surveys.models as s",
        "def late():\n    from accounts import models",
    ],
)
def test_an_arrow_that_ran_back_would_be_seen(line):
    assert forbidden("outsourcing", line)


def test_the_apps_an_app_may_import_are_no_fault():
    assert not forbidden("surveys", "from guideline.models import Finding\nimport outsourcing")


def test_no_file_is_too_long_to_read():
    lengths = {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8").count("\n")
        for file in tracked(".py", ".html", ".css", ".js")
        if "migrations" not in file.parts
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["machine", "registry"])
def test_nothing_names_the_machine_or_where_packages_come_from(pattern):
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in tracked()
        for number, line in enumerate(_lines(file), start=1)
        if pattern.search(line)
    ]
    assert found == []


def _lines(file):
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []  # a picture or a workbook
