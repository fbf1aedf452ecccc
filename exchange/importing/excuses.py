"""理由書: whether the days for which a reason is asked are those of what it is about, as that would
be with the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models

from exchange.importing.impossible import refuse
from exchange.importing.tables import Table
from guideline.actions import days_of_subject
from guideline.facts import ContractFact, DisclosureFact
from guideline.intervals import FOREVER
from guideline.laid_over import LaidOver
from guideline.models import Justification
from guideline.subjects import subject_in_words
from outsourcing.wareki import both_of


class Reason(NamedTuple):
    """``row`` of the table, and what it makes. ``links_known``: whether all links are known of what
    it is about."""

    table: Table
    row: int
    made: Justification
    links_known: bool = True


def check(reasons: list[Reason], beside: Iterable[models.Model]) -> None:
    """``beside``: the contracts, amendments, links and provisions of the file that they are about,
    as they would be."""
    laid = LaidOver([*beside, *(reason.made for reason in reasons)])
    facts = {(fact.id, False): fact for some in laid.contract_facts() for fact in some}
    facts |= {(fact.id, True): fact for some in laid.disclosure_facts() for fact in some}
    for reason in reasons:
        for on_disclosure, key in laid.about(reason.made):
            if (fact := facts.get((key, on_disclosure))) is not None:
                _within(reason, fact)


def _within(reason: Reason, fact: ContractFact | DisclosureFact) -> None:
    table, row, made, links_known = reason
    if table.is_unread(row, "rule", "subject"):
        return
    if made.subject.startswith("link:") and not links_known:
        return
    days = days_of_subject(fact, made.rule, made.subject)
    if days is None:
        words = subject_in_words(made.subject)
        refuse(
            table,
            row,
            "subject",
            f"対象「{words}」はありません。対象を確かめてください（例：契約）。",
        )
        return
    end = "" if days[1] >= FOREVER else both_of(days[1] - 1)
    for name in ("first_day", "last_day"):
        day = getattr(made, name)
        if day is not None and not days[0] <= day.toordinal() < days[1]:
            label = made._meta.get_field(name).verbose_name
            why = f"{label}「{day}」は、対象の期間（{both_of(days[0])}から{end}）の外です。"
            refuse(table, row, name, f"{why}期間の中の日にしてください。")
