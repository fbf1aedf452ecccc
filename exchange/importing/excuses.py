"""理由書: whether the days for which a reason is asked are those of what it is about."""

from __future__ import annotations

from exchange.importing.impossible import refuse
from exchange.importing.tables import Table
from guideline.actions import days_of_subject
from guideline.facts import ContractFact, DisclosureFact
from guideline.intervals import FOREVER
from guideline.models import Justification
from guideline.reading import disclosure_facts_for, facts_for
from guideline.subjects import subject_in_words
from outsourcing.wareki import both_of

MOST = 500  # contracts that are read; of more it is said when they are written


def check(table: Table, rows: list[int]) -> None:
    """Of reasons about what is recorded: what comes with the file is judged once it is written."""
    rows = [(row, table.taken[row].row) for row in rows]
    contracts = sorted({made.contract_id for _, made in rows if made.contract_id})[:MOST]
    provisions = sorted({made.disclosure_id for _, made in rows if made.disclosure_id})[:MOST]
    facts = {(fact.id, None): fact for fact in facts_for(contracts)} if contracts else {}
    if provisions:
        facts |= {(None, fact.id): fact for fact in disclosure_facts_for(provisions)}
    for row, made in rows:
        fact = facts.get((made.contract_id, made.disclosure_id))
        if fact is not None:
            _within(table, row, made, fact)


def _within(
    table: Table, row: int, made: Justification, fact: ContractFact | DisclosureFact
) -> None:
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
