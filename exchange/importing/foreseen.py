"""The findings that would appear or clear, as the preview keeps and shows them: by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

APPEARING, CLEARING = "appearing", "clearing"
WORDS = {APPEARING: "現れる所見", CLEARING: "消える所見"}


def of(expectation) -> dict[str, list[dict]]:
    return {}


def number(findings: Mapping[str, Any], which: str) -> int | None:
    """How many; None where nobody has looked."""
    return sum(one["count"] for one in findings[which]) if which in findings else None


def shown(findings: Mapping[str, Any]) -> list[dict]:
    return [
        {"key": which, "word": word, "rules": findings[which], "count": number(findings, which)}
        for which, word in WORDS.items()
        if which in findings
    ]
