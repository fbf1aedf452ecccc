"""Texts that a spreadsheet could take for formulas, and what CSV, which has no types, writes
instead. Light, since the process that reads uploaded files needs it, too."""

from __future__ import annotations

import unicodedata

# Tab and line breaks in front are passed over by some programs before they look for a formula.
_STARTS = frozenset("=+-@")


def is_formula_like(text: str) -> bool:
    """Whether a program could take the text for a formula, full-width signs included."""
    stripped = text.lstrip()
    return unicodedata.normalize("NFKC", stripped[:1]) in _STARTS if stripped else False


def csv_text(text: str) -> str:
    return f"'{text}" if is_formula_like(text.lstrip("'")) else text


def original_text(text: str) -> str:
    """The text that ``csv_text`` was given."""
    guarded = text.startswith("'") and is_formula_like(text.lstrip("'"))
    return text[1:] if guarded else text
