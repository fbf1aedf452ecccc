"""The findings that would appear, change or clear, as the preview keeps and shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse

from exchange.importing.expecting import Expectation, Part, Told
from exchange.importing.plan import Outcome, Plan
from guideline.models import Severity
from guideline.rules import BY_CODE
from outsourcing import wareki

APPEARING, CHANGING, CLEARING = "appear", "change", "clear"
WORDS = {APPEARING: "現れる所見", CHANGING: "期間が変わる所見", CLEARING: "消える所見"}
_PAGES = {"": "contract", "T": "disclosure"}
_CODE = re.compile(r"[AB]\d{2,3}-\d{4}-(T?)\d{5}")


class Rule(NamedTuple):
    """A line of the table: how many of a rule come, by what comes of them."""

    code: str
    title: str
    severity: str
    words: str
    counts: list[tuple[str, int]]


def of(expectation: Expectation, plan: Plan) -> dict[str, dict]:
    new = {line.named for sheet in plan for line in sheet.of(Outcome.ADDED)}
    parts = (expectation.appear, expectation.change, expectation.clear)
    return {which: _part(part, new) for which, part in zip(WORDS, parts, strict=True)}


def _part(part: Part, new: set[str]) -> dict:
    rules = [[rule, severity, count] for (rule, severity), count in part.by_rule.items()]
    return {"count": part.total, "rules": rules, "told": [_told(one, new) for one in part.told]}


def _told(one: Told, new: set[str]) -> dict:
    code = _CODE.fullmatch(one.of)
    known = code is not None and one.of not in new
    return {
        "of": one.of,
        "href": reverse(_PAGES[code[1]], args=[one.of]) if known else "",
        "row": f"「{one.sheet}」{one.number}行" if one.number else "",
        "rule": one.rule,
        "title": one.title,
        "subject": one.subject,
        "severity": one.severity.value,
        "words": one.severity.label,
        "since": wareki.both(one.since),
        "last": wareki.both(one.last_day) if one.last_day else "",
        "excused": one.excused,
    }


def number(findings: Mapping[str, Any], which: str) -> int | None:
    """How many; None where nobody has looked."""
    return findings[which]["count"] if which in findings else None


def rules(findings: Mapping[str, Any]) -> list[Rule]:
    """The worst first, then as the guideline has them."""
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for which in WORDS:
        for rule, severity, count in findings[which]["rules"]:
            counted.setdefault((rule, severity), {})[which] = count
    rank, places = Severity.values, list(BY_CODE)
    order = sorted(counted, key=lambda key: (rank.index(key[1]), places.index(key[0])))
    return [
        Rule(
            rule,
            BY_CODE[rule].title,
            severity,
            Severity(severity).label,
            [(which, counted[rule, severity].get(which, 0)) for which in WORDS],
        )
        for rule, severity in order
    ]


def told(findings: Mapping[str, Any], which: str, rule: str) -> list[dict]:
    """Those that are told in words: the first, the worst before others; of one rule if asked."""
    return [one for one in findings[which]["told"] if rule in ("", one["rule"])]
