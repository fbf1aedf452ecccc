"""Files of editions: what cannot be used is told with file and line; a new one needs no code."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from guideline import checks
from guideline.edition_files import EditionErrors, read_editions
from guideline.evaluation import evaluate
from guideline.law import EDITIONS
from guideline.provisions import Editions
from tests.guideline.test_dates_of_law import contract

NEW = "2026-04-01"
# An edition that asks for a seventh item, and changes nothing else.
SEVENTH = """
title = "試験の改正"
number = "試験第1号"
issued = 2026-03-01
in_force_from = 2026-04-01
addressed_to = "行政機関"
note = "試験のために作った版。"
based_on = "2018-10-22"

[parameters]
items = ["8-4(1)", "8-4(2)", "8-4(3)", "8-4(4)", "8-4(5)", "8-4(6)", "8-4(7)"]

[rules]
required-clause = ["8-4"]
yearly-inspection = ["8-5"]

[[provisions]]
code = "8-4(7)"
text = "試験のために加えた事項"
"""


@pytest.fixture
def folder(tmp_path):
    """A copy of the real files, to be spoilt."""
    shutil.copytree(EDITIONS, tmp_path / "editions")
    return tmp_path / "editions"


def problems(folder) -> list[str]:
    with pytest.raises(EditionErrors) as refused:
        read_editions(folder)
    return refused.value.problems


def add(folder, text: str) -> list[str]:
    (folder / f"{NEW}.toml").write_text(text, encoding="utf-8")
    return text.splitlines()


def line_of(lines: list[str], start: str) -> int:
    return next(n for n, line in enumerate(lines, 1) if line.startswith(start))


def test_the_real_files_can_be_used(folder):
    assert [edition.key for edition in read_editions(folder)] == ["2004-09-14", "2018-10-22"]


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('note = "', 'colour = "red"\nnote = "', "colour", "「colour」は知られていません"),
        ("[parameters]", "[parameters]\nmoon_days = 3", "moon_days", "「moon_days」"),
        ("[parameters]", "[parameters]\ndisposal_proof_days = -1", "disposal_proof_days", "-1"),
        ("[parameters]", '[parameters]\ninspection_windows = "lunar"', "inspection_windows",
         "lunar"),
        ('"8-4(7)"]', '"8-4(9)"]', "items", "8-4(9)"),
        ('yearly-inspection = ["8-5"]', 'yearly-inspection = ["8-99"]', "yearly-inspection",
         "8-99"),
        ('yearly-inspection = ["8-5"]', "yearly-inspection = []", "yearly-inspection", "条項が示"),
        ('yearly-inspection = ["8-5"]', 'monthly-inspection = ["8-5"]', "monthly-inspection",
         "monthly-inspection"),
        ('text = "試験のために加えた事項"', "", "code", "文がありません"),
        ('code = "8-4(7)"', 'code = "13-1"', "code", "章がありません"),
        ('based_on = "2018-10-22"', 'based_on = "1999-01-01"', "based_on", "1999-01-01"),
        ("issued = 2026-03-01", 'issued = "yesterday"', "issued", "「issued」"),
        ("in_force_from = 2026-04-01", "in_force_from = 2026-04-01T09:00:00", "in_force_from",
         "「in_force_from」"),
        ('yearly-inspection = ["8-5"]', 'yearly-inspection = "8-5"', "[rules]", "「rules」"),
        ("[parameters]", "[[parameters]]", "[[parameters]]", "「parameters」"),
        ('code = "8-4(7)"', "code = 847", "code", "847"),
        ('based_on = "2018-10-22"', 'based_on = ["2018-10-22"]', "based_on", "「based_on」"),
        ('note = "', 'chapters = [{ number = "8" }]\nnote = "', "chapters", "見出し"),
        ('note = "', 'in_force_until = "soon"\nnote = "', "in_force_until", "in_force_until"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_with_file_and_line(folder, old, new, at, said):
    lines = add(folder, SEVENTH.replace(old, new))
    found = [problem for problem in problems(folder) if said in problem]
    assert found
    assert found[0].startswith(f"{NEW}.toml {line_of(lines, at)}行目：")


def test_what_is_no_toml_is_told_with_its_line(folder):
    lines = add(folder, SEVENTH.replace("[rules]", "[rules"))
    (problem,) = problems(folder)
    assert problem.startswith(f"{NEW}.toml {line_of(lines, '[rules')}行目：")


def test_days_that_overlap_are_refused(folder):
    add(folder, SEVENTH.replace("in_force_from = 2026-04-01", "in_force_from = 2018-10-22"))
    assert any("重なる" in problem for problem in problems(folder))


def test_a_last_day_beyond_the_next_edition_too(folder):
    add(folder, SEVENTH)
    path = folder / "2018-10-22.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("in_force_from =", "in_force_until = 2026-04-01\nin_force_from =", 1),
        encoding="utf-8",
    )
    (problem,) = problems(folder)
    assert problem.startswith("2018-10-22.toml 4行目：")
    path.write_text(
        text.replace("in_force_from =", "in_force_until = 2026-03-31\nin_force_from =", 1),
        encoding="utf-8",
    )
    assert len(read_editions(folder)) == 3


def test_a_parameter_that_is_missing_is_named(folder):
    path = folder / "2018-10-22.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if not line.startswith("short_term_days")), encoding="utf-8"
    )
    found = problems(folder)
    # The older edition rests on this one for it.
    assert {problem.split()[0] for problem in found} == {"2004-09-14.toml", "2018-10-22.toml"}
    assert all("short_term_days" in problem for problem in found)


def test_all_problems_of_a_file_are_told_at_once(folder):
    add(folder, SEVENTH.replace('note = "', 'a = 1\nb = 2\nnote = "'))
    assert len(problems(folder)) == 2


def test_a_provision_that_is_given_twice_is_told_where_it_comes_again(folder):
    twice = SEVENTH + '\n[[provisions]]\ncode = "8-4(7)"\ntext = "もう一度"\n'
    lines = add(folder, twice)
    (problem,) = problems(folder)
    last = max(n for n, line in enumerate(lines, 1) if line == 'code = "8-4(7)"')
    assert problem == f"{NEW}.toml {last}行目：条項「8-4(7)」が二度あります。"


def test_a_file_in_another_encoding_is_refused(folder):
    (folder / f"{NEW}.toml").write_bytes(SEVENTH.encode("cp932"))
    (problem,) = problems(folder)
    assert problem.startswith(f"{NEW}.toml 1行目：UTF-8")


def test_problems_of_form_in_one_file_hide_none_of_meaning_in_another(folder):
    add(folder, SEVENTH.replace('"8-4(7)"]', '"8-4(9)"]'))
    spoilt = folder / "2004-09-14.toml"
    spoilt.write_text("colour = 1\n" + spoilt.read_text(encoding="utf-8"), encoding="utf-8")
    found = problems(folder)
    assert {problem.split()[0] for problem in found} == {"2004-09-14.toml", f"{NEW}.toml"}


def test_the_check_at_the_start_says_so(folder, monkeypatch):
    add(folder, SEVENTH.replace('"8-4(7)"]', '"8-4(9)"]'))
    monkeypatch.setattr(checks, "law", lambda: read_editions(folder))
    (error,) = checks.editions_can_be_used()
    assert error.id == "guideline.E002"
    assert "8-4(9)" in error.msg


class TestASeventhItem:
    """A made-up edition that only changes text and items: a file, and no code."""

    @pytest.fixture
    def editions(self, folder):
        add(folder, SEVENTH)
        return Editions(read_editions(folder))

    @pytest.mark.parametrize(
        ("concluded", "missing"),
        [
            (date(2026, 3, 31), set()),
            (date(2026, 4, 1), {"item:8-4(7)"}),
            (date(2026, 4, 2), {"item:8-4(7)"}),
        ],
    )
    def test_is_asked_of_contracts_concluded_from_its_day_on(self, editions, concluded, missing):
        fact = contract(date(2026, 5, 1), date(2027, 3, 31), concluded=concluded)
        found = [v for v in evaluate([fact], editions) if v.rule == "required-clause"]
        assert {value.subject for value in found} == missing
        assert all(date.fromordinal(v.owed_to) == date(2026, 4, 1) for v in found)

    def test_rules_it_does_not_name_bind_no_more(self, editions):
        fact = contract(date(2026, 3, 1), date(2026, 4, 30), concluded=date(2026, 2, 1))
        (found,) = [v for v in evaluate([fact], editions) if v.rule == "capability-check"]
        assert date.fromordinal(found.until) == date(2026, 4, 1)

    def test_its_text_stands_in_its_place(self, editions):
        codes = [p.code for p in editions.editions[-1].in_chapter("8")]
        assert codes[codes.index("8-4(6)") + 1] == "8-4(7)"
