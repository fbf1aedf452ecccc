"""年度更新: what a contract looks like a term later, as it would be typed. Pure.

Copied is what the parties agreed, as it stood on the last day, and the chain as far as it reached
that day. Never copied is what was done: checks, confirmations, decisions, approvals, notices,
inspections.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from outsourcing import fiscal_year
from outsourcing.contractor_fields import as_typed
from outsourcing.models import Amendment, Contract, Section, Subcontract
from outsourcing.terms import terms_on
from outsourcing.wareki import ERAS

Typed = dict[str, list[str]]

_ERAS = {era.name: era for era in ERAS} | {era.letter: era for era in ERAS}
_NAMES = "|".join(era.name for era in ERAS)
# No letter before it: H29 is a year, 第BH29号 is none.
_YEAR = re.compile(
    r"(?<!\d)(?P<western>(?:19|20|１９|２０)\d\d)(?!\d)"
    rf"|(?P<era>{_NAMES}|(?<![A-Za-zＡ-Ｚａ-ｚ])[RHSＲＨＳ])(?P<year>元|\d{{1,2}}(?!\d))"
)
# A year without its era, as numbers of contracts begin: 29-105, 29契第7号; but not 第29号.
_BARE = re.compile(r"(?<![\d第A-Za-zＡ-Ｚａ-ｚ])(?P<year>\d{2})(?![\d号番])")


class Term(NamedTuple):
    first: date
    last: date


def next_term(first: date, last: date) -> Term:
    """The term that follows: as many years where it was whole years, else as many days. A year
    that would begin on 29 February begins on 1 March."""
    begins = last + timedelta(days=1)
    years = begins.year - first.year
    if years > 0 and _after_years(first, years) == begins:
        return Term(begins, _after_years(begins, years) - timedelta(days=1))
    return Term(begins, begins + (last - first))


def _after_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def advanced(text: str, old: Term, new: Term) -> str:
    """``text`` with each year in it advanced that belongs to the old term, or to the year before or
    after: 平成29年度 → 平成30年度, H29 → H30, 2017 → 2018; where there is none with its era or in
    four digits, the first 29."""
    years = range(
        fiscal_year.fiscal_year_of(old.first) - 1, fiscal_year.fiscal_year_of(old.last) + 2
    )
    by = fiscal_year.fiscal_year_of(new.first) - fiscal_year.fiscal_year_of(old.first)

    def replaced(match: re.Match) -> str:
        if western := match["western"]:
            year = int(western)
            return _digits(year + by, like=western) if year in years else match[0]
        era = _ERAS[unicodedata.normalize("NFKC", match["era"])]
        typed = match["year"]
        year = era.first_year + (1 if typed == "元" else int(typed)) - 1
        if year not in years:
            return match[0]
        return _in_era(year + by, match["era"], like=typed)

    found = _YEAR.sub(replaced, text)
    return found if _YEAR.search(text) else _bare_advanced(text, years, by)


def _bare_advanced(text: str, years: range, by: int) -> str:
    for match in _BARE.finditer(text):
        for year in years[1:-1]:
            if int(match["year"]) == year - _era_of(year).first_year + 1:
                number = year + by - _era_of(year + by).first_year + 1
                like = match["year"]
                return text[: match.start()] + _digits(number, like=like) + text[match.end() :]
    return text


def _era_of(year: int):
    """The era that names a fiscal year, as ``fiscal_year.label``: the one of its October."""
    return next(era for era in ERAS if era.first_day <= date(year, 10, 1))


def _in_era(year: int, written: str, *, like: str) -> str:
    """A year of an era, by name or by letter as the one before was written."""
    era = _era_of(year)
    number = year - era.first_year + 1
    name = era.name if len(written) == 2 else era.letter
    if written != unicodedata.normalize("NFKC", written):
        name = chr(ord(name) + 0xFEE0)
    if len(name) == 2 and number == 1:
        return f"{name}元"
    if like == "元" or (len(name) == 2 and like[0] not in "0０"):
        like = like[:1] if like != "元" else ""
    return name + _digits(number, like=like)


def _digits(number: int, *, like: str) -> str:
    """As many digits as there were, and as wide."""
    text = f"{number:0{len(like)}}"
    if like and not like.isascii():
        text = "".join(chr(ord(digit) + 0xFEE0) for digit in text)
    return text


def going_on(contract: Contract, links: Iterable[Subcontract]) -> list[Subcontract]:
    """The links that reached the contract's last day, each after the one it hangs on."""
    links = sorted(links, key=lambda link: link.number)
    by_key = {link.pk: link for link in links}
    below = defaultdict(list)
    for link in links:
        below[link.parent_id if link.parent_id in by_key else None].append(link)

    def walk(parent: int | None) -> Iterator[Subcontract]:
        for link in below[parent]:
            if _reaches(link, by_key, contract.last_day):
                yield link
            yield from walk(link.pk)

    return list(walk(None))


def _reaches(link: Subcontract, by_key: dict[int, Subcontract], last: date) -> bool:
    """A link without a last day runs to its parent's end, in the end to its contract's."""
    if link.first_day > last:
        return False
    while link.last_day is None and link.parent_id in by_key:
        link = by_key[link.parent_id]
    return link.last_day is None or link.last_day >= last


class Remark(NamedTuple):
    """What is to be known before a contract is renewed; ``bars``: it cannot be."""

    text: str
    bars: bool = False


def remarks(contract: Contract, links: Iterable[Subcontract]) -> list[Remark]:
    """``links``: those that would go on."""
    begins = contract.last_day + timedelta(days=1)
    found = []
    if contract.terminated_on:
        found.append(Remark(f"{contract.terminated_on}に解除された契約です。", bars=True))
    gone = contract.contractor.dissolved_on
    if gone and gone < begins:
        found.append(
            Remark(f"委託先は{gone}に解散しています。新しい契約として入力してください。", bars=True)
        )
    if contract.section and not takes_it(contract.section, begins):
        closed = contract.section.last_day
        found.append(
            Remark(f"課室「{contract.section}」は{closed}までです。下書きで選び直してください。")
        )
    for link in links:
        gone = link.contractor.dissolved_on
        if gone and gone < begins:
            found.append(Remark(f"再委託{link.number}の再委託先は{gone}に解散しています。"))
    return found


def takes_it(section: Section | None, day: date) -> bool:
    """Whether the section is there on the day."""
    return section is not None and (section.last_day is None or section.last_day >= day)


def typed_anew(
    contract: Contract,
    amendments: Iterable[Amendment],
    links: Iterable[Subcontract],
    *,
    number: str,
) -> Typed:
    """What the draft of the contract that goes on from ``contract`` begins with. ``amendments`` and
    ``links`` are those that are facts, amendments in the order of their effect."""
    old = Term(contract.first_day, contract.last_day)
    new = next_term(*old)
    text = terms_on(contract, amendments, on=contract.last_day)
    signed_as_it_began = contract.concluded_on == contract.first_day
    typed = {
        "number": number,
        "title": advanced(contract.title, old, new),
        "section": contract.section.code if takes_it(contract.section, new.first) else "",
        "contractor": as_typed(contract.contractor),
        "concluded_on": new.first.isoformat() if signed_as_it_began else "",
        "first_day": new.first.isoformat(),
        "last_day": new.last.isoformat(),
        "work": contract.work,
        "work_detail": contract.work_detail,
        "information": contract.information,
        "information_detail": contract.information_detail,
        "persons": "" if contract.persons is None else str(contract.persons),
        "sensitivity": contract.sensitivity,
        "special_care": "on" if contract.special_care else "",
        "clause": text.clause,
        "clause_article": text.clause_article,
        "clause_quote": text.clause_quote,
        "uses_dispatched_workers": "on" if contract.uses_dispatched_workers else "",
        "dispatch_article": contract.dispatch_article,
    }
    for code, where in text.items.items():
        if where is None:
            continue  # taken out by an amendment
        typed |= {
            f"items-{code}-said": "said",
            f"items-{code}-article": where.get("article", ""),
            f"items-{code}-quote": where.get("quote", ""),
        }
    # A blank one would free nothing; the officer is to look it up.
    typed |= {f"exempt-{work}": where or "要確認" for work, where in text.exempt_work.items()}
    return _chain(contract, links, new) | _as_lists(typed)


def _chain(contract: Contract, links: Iterable[Subcontract], new: Term) -> Typed:
    """Each link that goes on, under the nearest above it that does; its approval is to be asked
    for again."""
    links = list(links)
    by_key = {link.pk: link for link in links}
    places: dict[int, int] = {}
    typed: Typed = {}
    for place, link in enumerate(going_on(contract, links)):
        places[link.pk] = place
        above = by_key.get(link.parent_id)
        while above is not None and above.pk not in places:
            above = by_key.get(above.parent_id)
        fields = {
            "under": "" if above is None else str(places[above.pk]),
            "contractor": as_typed(link.contractor),
            "work": link.work,
            "work_detail": link.work_detail,
            "place": link.place,
            "first_day": new.first.isoformat(),
            "last_day": "" if link.last_day is None else new.last.isoformat(),
            "handles_information": "on" if link.handles_information else "",
            "declared_relation": link.declared_relation,
            "declared_on": link.declared_on.isoformat() if link.declared_on else "",
            "declared_evidence": link.declared_evidence,
            "renews": str(link.number),
        }
        filled = {f"links-{place}-{name}": value for name, value in fields.items()}
        typed |= _as_lists(filled)
    return typed


def _as_lists(typed: dict[str, str]) -> Typed:
    """Without what is blank."""
    return {name: [value] for name, value in typed.items() if value}
