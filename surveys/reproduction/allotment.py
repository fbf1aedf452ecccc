"""Who gets what: each published contract is allotted a maker, by the seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import Random

from outsourcing.models import Agency
from outsourcing.scope import Scope
from surveys import rounds, sentences
from surveys.reproduction import breaches, oddities, ordinary
from surveys.reproduction.drafts import Maker, Target
from surveys.rounds import Round
from surveys.sheets.base import PERSONAL, STATISTICS

FAULTS = "personal_management_faults_"


def published_targets(round_: Round) -> list[Target]:
    """What the per-agency tables print, agency by agency."""
    figures: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for sheet, row, column, value in rounds.published(round_.year).values_list(
        "sheet", "row", "column", "value"
    ):
        figures[sheet, row][column] = value
    agencies = Agency.objects.in_bulk()
    targets = []
    for listing in rounds.listed(round_, Scope.everything()):
        printed = figures[listing.table, listing.agency_code]
        targets.append(
            Target(
                agencies[listing.agency_id],
                STATISTICS if listing.table == STATISTICS else PERSONAL,
                printed["total"],
                printed["breach"],
                printed.get("unverifiable", 0),
            )
        )
    return targets


def said(year: int) -> dict[str, int]:
    """The whole numbers that the report's sentences name."""
    return {
        key: int(sentence.value)
        for key, sentence in sentences.published(year).items()
        if sentence.value == int(sentence.value)
    }


def allot(
    targets: list[Target], numbers: dict[str, int], random: Random
) -> Iterator[tuple[Target, Maker]]:
    """Yield a maker for every contract, agency by agency, in an order that tells nothing."""
    waiting = {
        PERSONAL: breaches.cases(random, breaches.Numbers.of(numbers)),
        STATISTICS: breaches.cases_on_statistics(random, numbers["statistics_breaches"]),
    }
    makers = [_particular(target, waiting, numbers) for target in targets]
    plain = _plain(targets, makers, random)
    for place, target in enumerate(targets):
        particular = makers[place]
        rest = target.total - len(particular)
        mine = [*particular, *(next(plain[target.information]) for _ in range(rest))]
        random.shuffle(mine)
        for maker in mine:
            yield target, maker


def _particular(target: Target, waiting, numbers: dict[str, int]) -> list[Maker]:
    """What the figures say of an agency: its breaches, what cannot be verified, its faults."""
    found = [breaches.maker(waiting[target.information].pop()) for _ in range(target.breach)]
    found += [ordinary.make_unverifiable] * target.unverifiable
    if target.information == PERSONAL:
        found += [ordinary.make_mismanaged] * numbers.get(FAULTS + target.agency.code, 0)
    return found


def _plain(targets, makers, random: Random) -> dict[str, Iterator[Maker]]:
    """Makers of contracts without breach: ordinary ones, and oddities strewn among them."""
    free = dict.fromkeys((PERSONAL, STATISTICS), 0)
    for target, particular in zip(targets, makers, strict=True):
        free[target.information] += target.total - len(particular)
    odd = oddities.makers()[: free[PERSONAL]]
    personal = [*odd, *[ordinary.make] * (free[PERSONAL] - len(odd))]
    random.shuffle(personal)
    return {PERSONAL: iter(personal), STATISTICS: iter([ordinary.make] * free[STATISTICS])}
