"""The text of the guideline: whole, verbatim, its slips kept; the older edition as far as told."""

from __future__ import annotations

import hashlib
import re
from datetime import date

import pytest

from guideline.comparison import compare
from guideline.law import edition_in_force, law
from guideline.register import register
from guideline.rules import RULES

# Of the text as printed, without white space, list marks and page breaks: compared with the source
# character by character when it was typed in (7,278 characters, 2026-11-23).
AS_PRINTED = "8e28073cfd4c8f26ce8858374875343c995ad21723f81d7057631d7760292f57"
OLD, NEW = law().editions


def test_the_text_of_2018_is_the_printed_one():
    printed = "".join(
        f"第{chapter.number} {chapter.heading}"
        + "".join(p.caption + p.mark + p.text for p in NEW.in_chapter(chapter.number))
        for chapter in NEW.chapters
    )
    plain = re.sub(r"\s", "", printed)
    assert len(plain) == 7278
    assert hashlib.sha256(plain.encode()).hexdigest() == AS_PRINTED


def test_its_slips_stand_as_printed_and_are_noted():
    assert "持ち込んではいない" in NEW.provisions["6-14"].text
    assert "持ち込んではならない" in NEW.provisions["6-14"].editor
    assert "会社法（平成17年法律第86号）第2条第1項第2号" in NEW.provisions["8-4(2)"].text
    assert "第2条第3号" in NEW.provisions["8-4(2)"].editor


def test_eleven_chapters_in_order():
    assert [chapter.number for chapter in NEW.chapters] == [str(n) for n in range(1, 12)]
    assert [p.code for p in NEW.in_chapter("8")] == [
        *("8-1", "8-2", "8-3", "8-4", "8-4(1)", "8-4(2)", "8-4(2)注"),
        *("8-4(3)", "8-4(4)", "8-4(5)", "8-4(6)", "8-5", "8-6", "8-7", "8-8"),
    ]


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2004, 9, 13), None),
        (date(2004, 9, 14), OLD),
        (date(2018, 10, 21), OLD),
        (date(2018, 10, 22), NEW),
        (date(2026, 1, 1), NEW),
    ],
)
def test_the_day_decides_which_text_binds(day, edition):
    assert edition_in_force(day) is edition


def test_what_was_added_in_2018_is_absent_before():
    differing = {pair.code: pair for pair in compare(OLD, NEW) if pair.differs}
    assert set(differing) == {"8-4", "8-4(2)", "8-4(2)注", "8-5", "8-8"}
    added = {
        code: [piece.text for piece in pair.new_pieces if piece.changed]
        for code, pair in differing.items()
    }
    assert added["8-4"] == ["及び実施体制"]
    assert added["8-5"] == ["管理体制及び実施体制や", "、原則として実地検査により"]
    assert differing["8-8"].old is None
    assert differing["8-4(2)注"].old is None
    # Nothing was there that is gone.
    assert not any(piece.changed for pair in differing.values() for piece in pair.old_pieces)


def test_both_sides_of_a_comparison_are_whole():
    for pair in compare(OLD, NEW):
        for provision, pieces in ((pair.old, pair.old_pieces), (pair.new, pair.new_pieces)):
            assert "".join(piece.text for piece in pieces) == (provision.text if provision else "")


def test_compared_the_other_way_round_what_was_added_is_gone():
    gone = next(pair for pair in compare(NEW, OLD) if pair.code == "8-8")
    assert gone.new is None
    codes = [pair.code for pair in compare(NEW, OLD)]
    assert codes.index("8-8") == codes.index("8-7") + 1


def test_an_edition_compared_with_itself_differs_nowhere():
    assert not any(pair.differs for pair in compare(NEW, NEW))


# Which rules came when, and the provision each rests on: the table of rules as it was laid down.
SINCE_2018 = {
    "subsidiary-clause": "8-4(2)注",
    "on-site": "8-5 8-6",
    "anonymization-undecided": "8-8",
    "anonymization-missing": "8-8",
    "medical-attention": "8-4",
}
BEFORE = {
    "unapproved-subcontract": "8-4(2)",
    "unnotified-subcontract": "8-4(2)",
    "capability-check": "8-4",
    "required-clause": "8-4",
    "written-confirmation": "8-4",
    "yearly-inspection": "8-5",
    "inspection-scope": "8-5 8-6",
    "flow-down": "8-6",
    "link-inspection": "8-6 8-5",
    "dispatch-clause": "8-7",
    "disposal-proof": "8-4(5)",
    "provision-terms": "8-1",
    "provision-safety": "8-2",
    "provision-survey": "8-2",
    "provision-public": "8-3",
}


def test_the_table_of_rules_is_generated_and_whole():
    entries = {entry.rule.code: entry for entry in register()}
    assert set(entries) == {rule.code for rule in RULES} == SINCE_2018.keys() | BEFORE.keys()
    for code, provisions in (SINCE_2018 | BEFORE).items():
        begin = date(2018, 10, 22) if code in SINCE_2018 else date(2004, 9, 14)
        assert (" ".join(entries[code].provisions), entries[code].first_day) == (provisions, begin)
        assert entries[code].last_day is None


def test_each_rule_opens_by_citing_what_it_rests_on():
    for rule in RULES:
        module = __import__(f"guideline.rules.{rule.code.replace('-', '_')}", fromlist=["_"])
        first = NEW.rules[rule.code][0].partition("(")[0]
        assert f"第{first}" in module.__doc__.splitlines()[0], rule.code
