"""Contractors found as one types: by any part of name or reading, or by 法人番号.

Asked at every key, so of a hundred thousand contractors only some hundred are looked at: those of
which an index says that a part of theirs begins with what was typed (``name_parts``).
"""

from __future__ import annotations

from functools import partial

from outsourcing.folding import words
from outsourcing.models import Contractor
from outsourcing.name_parts import LEADING, LONGEST, WITHIN, windows, without_form
from outsourcing.querysets import ContractorQuerySet

LONGEST_TYPED = 100  # letters; what follows is not looked at
LOOKED_AT = 150  # names, at most, that begin with a part of what is typed; and that have it within
NUMBER = 13
SIMILAR = 5  # of them are told
TELLING = 3  # letters that are no accident when they stand in another name
LAST = "\U0010ffff"  # sorts behind every letter


def suggestions(contractors: ContractorQuerySet, text: str, *, most: int) -> list[Contractor]:
    """Contractors in whose name and reading every word of ``text`` is found, or whose number begins
    with it; those first whose name begins with it.

    Of words each of which more than ``LOOKED_AT`` names have, only those that stand together in one
    name among the first are found: one letter more is what helps there.
    """
    asked = words(text[:LONGEST_TYPED])
    if not asked:
        return []
    found = _by_number(contractors, "".join(asked), most)
    if len(asked) == 1 and len(asked[0]) <= LONGEST:
        ways = (partial(_by_part, contractors, asked[0], place) for place in (LEADING, WITHIN))
    else:
        ways = (partial(_by_windows, contractors, asked),)
    for way in ways:
        if len(found) < most:
            found += [one for one in way(most) if one not in found]
    return found[:most]


def _by_number(contractors: ContractorQuerySet, typed: str, most: int) -> list[Contractor]:
    digits = typed.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= NUMBER):
        return []
    lowest, highest = digits.ljust(NUMBER, "0"), digits.ljust(NUMBER, "9")
    rows = contractors.filter(corporate_number__gte=lowest, corporate_number__lte=highest)
    return list(rows.order_by("corporate_number")[:most])


def _by_part(contractors: ContractorQuerySet, word: str, place: int, most: int) -> list[Contractor]:
    names = dict(_beginning(contractors, word, place, most=20 * most))
    return _of_keys(sorted(names, key=lambda key: (names[key], key))[:most])


def _by_windows(contractors: ContractorQuerySet, asked: list[str], most: int) -> list[Contractor]:
    """By one part of what was typed after the other, until all are found or enough."""
    met: dict[int, tuple] = {}
    for window in windows(asked):
        whole = True
        for place in (LEADING, WITHIN):
            names = _beginning(contractors, window, place, most=LOOKED_AT)
            whole = whole and len(names) < LOOKED_AT
            for key, name in names:
                if all(word in name for word in asked):
                    begins = any(each.startswith(asked[0]) for each in name.split(" "))
                    met[key] = not begins, name, key
        if whole or len(met) >= most:
            break
    return _of_keys(sorted(met, key=met.get)[:most])


def _of_keys(keys: list[int]) -> list[Contractor]:
    rows = Contractor.objects.in_bulk(keys) if keys else {}
    return [rows[key] for key in keys]


def _beginning(
    contractors: ContractorQuerySet, window: str, place: int, *, most: int
) -> list[tuple[int, str]]:
    """(key, what it is searched by) of contractors of whom a part begins with ``window``."""
    rows = contractors.filter(
        parts__place=place, parts__part__gte=window, parts__part__lt=window + LAST
    )
    columns = rows.order_by("parts__part", "parts__contractor_id").values_list("pk", "search_name")
    return list(columns[:most])


def similar(contractors: ContractorQuerySet, name: str, kana: str = "") -> list[Contractor]:
    """Who may be the same under another spelling: of the same name but for its form (株式会社) or a
    few letters more; or of the same reading."""
    typed = {without_form(text) for text in (name, kana) if text}
    found: dict[int, Contractor] = {}
    for core in filter(None, typed):
        for one in suggestions(contractors, core, most=SIMILAR):
            theirs = {without_form(text) for text in (one.name, one.kana)}
            if core in theirs or any(core in other for other in theirs if len(core) >= TELLING):
                found[one.pk] = one
    return list(found.values())[:SIMILAR]
