"""承認のない再委託: links that lack an approval or a notice their clause asks for, or soon will;
and what a decision on one would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from guideline.due import BY_APPROVAL
from guideline.evaluation import evaluate
from guideline.facts import ContractFact, LinkFact, approval_fact
from guideline.intervals import FOREVER
from guideline.models import Finding
from guideline.reading import facts_for
from outsourcing.models import Approval, Notification, Subcontract
from outsourcing.querysets import ContractQuerySet
from outsourcing.wareki import western


def lacking(contracts: ContractQuerySet, *, on: date) -> QuerySet[Subcontract]:
    """Each with ``since`` and ``ends``, the days of its first finding that is not over on the day
    ``on``, its ``rule``, whether it is ``excused``, and whether it is ``again`` (再承認待ち): of a
    renewed contract, and nothing decided yet."""
    subject = Concat(Value("link:"), Cast(OuterRef("number"), CharField()))
    findings = Finding.objects.filter(
        contract=OuterRef("contract"), subject=subject, rule__in=BY_APPROVAL, ends__gt=on
    ).order_by("since", "rule")
    decided = Approval.objects.valid().filter(subcontract=OuterRef("pk"))
    noticed = Notification.objects.valid().filter(subcontract=OuterRef("pk"))
    links = Subcontract.objects.valid().filter(contract__in=contracts.order_by().values("pk"))
    return links.filter(Exists(findings)).annotate(
        since=Subquery(findings.values("since")[:1]),
        ends=Subquery(findings.values("ends")[:1]),
        rule=Subquery(findings.values("rule")[:1]),
        excused=Subquery(findings.values("excused")[:1]),
        undecided=~Exists(decided) & ~Exists(noticed),
    )


class Effect(NamedTuple):
    """What of a link's findings a decision would leave. ``clears``: nothing from its day on."""

    before: list[str]
    after: list[str]
    clears: bool
    why_not: str = ""

    @property
    def changes(self) -> bool:
        return self.before != self.after


def effects(links: Iterable[Subcontract], *, decision: dict) -> dict[int, Effect]:
    """By the key of each link, what a decision would do, by the same rules; a fixed number of
    queries. ``decision``: result, or "notice"; decided_on; last_day."""
    links = list(links)
    ids = sorted({link.contract_id for link in links})
    facts = {fact.id: fact for fact in facts_for(ids)} if ids else {}
    wanted = {(link.contract_id, link.number): link.pk for link in links}
    chosen = [facts[key] for key in ids]
    changed = [_decided(fact, wanted, decision) for fact in chosen]
    before, after = _days(chosen), _days(changed)
    found = {}
    for link in links:
        key = link.contract_id, f"link:{link.number}"
        was, would = before.get(key, []), after.get(key, [])
        found[link.pk] = Effect(
            list(map(_in_words, was)),
            list(map(_in_words, would)),
            not any(until > decision["decided_on"].toordinal() for _, until in would),
            _why_not(facts[link.contract_id], decision) if was and was == would else "",
        )
    return found


def _decided(fact: ContractFact, wanted: dict, decision: dict) -> ContractFact:
    links = tuple(
        _with(link, decision) if (fact.id, link.number) in wanted else link for link in fact.links
    )
    return replace(fact, links=links)


def _with(link: LinkFact, decision: dict) -> LinkFact:
    day = decision["decided_on"]
    if decision["result"] == "notice":
        return replace(link, notices=(*link.notices, day.toordinal()))
    made = approval_fact(day, None, decision.get("last_day"), decision["result"])
    return replace(link, approvals=(*link.approvals, made)) if made else link


def _days(facts: list[ContractFact]) -> dict[tuple[int, str], list[tuple[int, int]]]:
    found: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for value in evaluate(facts):
        if value.rule in BY_APPROVAL:
            found.setdefault((value.contract, value.subject), []).append((value.since, value.until))
    return {key: sorted(days) for key, days in found.items()}


def _in_words(days: tuple[int, int]) -> str:
    since, until = days
    first = western(date.fromordinal(since))
    if until >= FOREVER:
        return f"{first}から継続"
    return f"{first}から{western(date.fromordinal(until - 1))}まで"


def _why_not(fact: ContractFact, decision: dict) -> str:
    """Why nothing changes although something fails: the clause in force asks for something else."""
    day = decision["decided_on"].toordinal()
    clause = next((c.clause for c in fact.clauses if c.since <= day < c.until), "")
    if clause == "forbidden":
        return "契約が再委託を禁止しているため、承認では解消しません。"
    if clause == "prior_notice" and decision["result"] != "notice":
        return "契約が求めているのは事前の届出です。"
    if clause == "prior_approval" and decision["result"] == "notice":
        return "契約が求めているのは事前の承認です。"
    return ""
