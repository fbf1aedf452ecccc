"""The parts of names that contractors are found by. Pure.

What is typed stands anywhere in a name, and between Japanese words stand no spaces. So a name is
kept from each of its letters on, as far as ``LONGEST`` letters: who looks for what stands within
then asks an index for what begins with it, on either database, however many contractors there are.
"""

from __future__ import annotations

from outsourcing.folding import fold

LONGEST = 8
LEADING, WITHIN = 0, 1
MOST_WINDOWS = 2  # of all that is typed at once, the longest
# Nobody looks for these first: a name also begins behind them.
_FORMS = (
    *("株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "(株)", "(有)", "(同)"),
    *("独立行政法人", "地方独立行政法人", "国立大学法人", "国立研究開発法人", "学校法人"),
    *("一般社団法人", "一般財団法人", "公益社団法人", "公益財団法人", "社団法人", "財団法人"),
    *("社会福祉法人", "特定非営利活動法人", "医療法人", "医療法人社団"),
    *("医療法人財団", "かぶしきがいしゃ", "ゆうげんがいしゃ", "ごうどうがいしゃ"),
)  # fmt: skip
FORMS = tuple(sorted(map(fold, _FORMS), key=len, reverse=True))


def parts(*texts: str) -> dict[str, int]:
    """Every part of some names, folded, and where it stands: ``LEADING`` where a name begins, or
    goes on behind its form."""
    found: dict[str, int] = {}
    for name in filter(None, map(fold, texts)):
        form = next((len(form) for form in FORMS if name.startswith(form)), 0)
        for start in range(len(name)):
            part = name[start : start + LONGEST]
            place = LEADING if start in (0, form) else WITHIN
            found[part] = min(place, found.get(part, place))
    return found


def without_form(name: str) -> str:
    """A name folded, without 株式会社 or such before or behind it."""
    plain = fold(name)
    for form in FORMS:
        if plain.startswith(form):
            plain = plain[len(form) :]
            break
    for form in FORMS:
        if plain.endswith(form):
            plain = plain[: -len(form)]
            break
    return plain


def windows(words: list[str]) -> list[str]:
    """What parts must begin with so that each word (folded) may be found; those of long words
    overlap at the end."""
    found: dict[str, None] = {}
    for word in words:
        last = max(len(word) - LONGEST, 0)
        for start in (*range(0, last, LONGEST), last):
            found[word[start : start + LONGEST]] = None
    return sorted(found, key=len, reverse=True)[:MOST_WINDOWS]
