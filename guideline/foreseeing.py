"""Which findings would appear, change or clear if rows were written: what ``refresh`` would then
write, found out without writing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from guideline.evaluation import evaluate
from guideline.laid_over import LaidOver
from guideline.refresh import (
    CONTRACTS,
    DISCLOSURES,
    FIELDS,
    Carried,
    Judged,
    by_key,
    day_of,
    says_of,
    stored,
)


class Comes(StrEnum):
    APPEARS = "appears"
    CHANGES = "changes"
    CLEARS = "clears"


class Foreseen(NamedTuple):
    """What comes of a finding. ``of``: the key of the contract or (``on_disclosure``) of the
    provision of information, negative of one that is not recorded yet. It says what the finding
    will say, and of one that clears what it says now."""

    comes: Comes
    of: int
    on_disclosure: bool
    rule: str
    subject: str
    severity: str
    since: date
    until: date | None
    excused: bool


def foresee(laid: LaidOver) -> Iterator[Foreseen]:
    for facts in laid.contract_facts():
        keys = {fact.id for fact in facts}
        yield from _compare(laid, CONTRACTS, facts, keys)
    for facts in laid.disclosure_facts():
        yield from _compare(laid, DISCLOSURES, facts, {fact.id for fact in facts})


def _compare(laid: LaidOver, of: Judged, facts: list, keys: set[int]) -> Iterator[Foreseen]:
    recorded = sorted(key for key in keys if key > 0)
    known = stored(of, recorded) if recorded else {}
    carried = Carried(facts, laid.actions(of.column, sorted(keys)))
    wanted = by_key(evaluate(facts))
    on_disclosure = of is DISCLOSURES
    for key, value in wanted.items():
        pk, rule, subject, since = key
        _, *says, _ = known.get(key, (None, None))
        if says and says == says_of(value) + carried.of(key, value):
            continue
        yield Foreseen(
            Comes.CHANGES if says else Comes.APPEARS,
            *(pk, on_disclosure, rule, subject, str(value.severity), since),
            *(day_of(value.until), value.excused),
        )
    for key, (_, *says, _) in known.items():
        pk, rule, subject, since = key
        if key not in wanted and pk in keys:
            yield Foreseen(
                Comes.CLEARS,
                *(pk, on_disclosure, rule, subject, says[SEVERITY], since),
                *(says[UNTIL], says[EXCUSED]),
            )


UNTIL, SEVERITY, EXCUSED = (FIELDS.index(name) for name in ("until", "severity", "excused"))
