"""What is recorded of contracts and links beside themselves, of every kind, in one query."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product
from typing import Any

from django.db.models import BigIntegerField, Case, DateField, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Concat

from guideline.facts import InspectionFact, Listed, approval_fact
from guideline.models import Justification
from outsourcing.days import FOREVER, end_of
from outsourcing.models import (
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    Disposal,
    FlowDownRecord,
    InspectionMethod,
    InspectionTarget,
    Notification,
    WrittenConfirmation,
)
from outsourcing.prepared import Prepared

SCOPES = (
    ("handling", "covers_handling"),
    ("management", "covers_management"),
    ("work", "covers_work"),
)


# (kind, key, contract, link, day, first, last, text). Ten queries would take a save twice the time.
def _records(model, kind: str, day: str, *, contract="contract", link=None, **rest):
    no_key, no_day = Value(None, BigIntegerField()), Value(None, DateField())
    columns = {
        "kind_": Value(kind),
        "id_": F("pk"),
        "contract_": F(contract),
        "link_": F(link) if link else no_key,
        "day_": F(day),
        "first_": F(rest["first"]) if "first" in rest else no_day,
        "last_": F(rest["last"]) if "last" in rest else no_day,
        "text_": rest.get("text", Value("")),
    }
    return model.objects.valid().order_by().annotate(**columns).values_list(*columns)


def _flags(*conditions) -> Any:
    """A mark for each condition, one after the other: "1" or "0"."""
    marks = [Case(When(c, then=Value("1")), default=Value("0")) for c in conditions]
    return Concat(*marks, output_field=TextField()) if len(marks) > 1 else marks[0]


RECORDS = {
    # The first has a value in every column, which tells the database their types.
    "approval": _records(
        Approval,
        "approval",
        "decided_on",
        contract="subcontract__contract",
        link="subcontract",
        first="first_day",
        last="last_day",
        text=Cast("result", TextField()),
    ),
    "notice": _records(
        Notification,
        "notice",
        "received_on",
        contract="subcontract__contract",
        link="subcontract",
    ),
    "inspection": _records(
        InspectionTarget,
        "inspection",
        "inspection__day",
        link="subcontract",
        text=_flags(
            Q(inspection__method=InspectionMethod.ON_SITE) | ~Q(inspection__not_on_site_reason=""),
            *(Q(**{column: True}) for _, column in SCOPES),
        ),
    ).filter(inspection__voided_on__isnull=True),
    "capability": _records(CapabilityCheck, "capability", "checked_on"),
    "confirmation": _records(
        WrittenConfirmation,
        "confirmation",
        "confirmed_on",
        text=Cast("matters", TextField()),
    ),
    "decision": _records(
        AnonymizationDecision, "decision", "decided_on", text=_flags(Q(needed=True))
    ),
    "measure": _records(AnonymizationMeasure, "measure", "done_on"),
    "proof": _records(Disposal, "proof", "certificate_received_on", link="subcontract").filter(
        certificate_received_on__isnull=False
    ),
    "flow_down": _records(
        FlowDownRecord,
        "flow_down",
        "recorded_on",
        contract="subcontract__contract",
        link="subcontract",
        text=Cast("items", TextField()),
    ),
    "justification": _records(
        Justification,
        "justification",
        "approved_on",
        first="first_day",
        last="last_day",
        text=Concat("rule", Value(" "), "subject", output_field=TextField()),
    ).filter(approved_on__isnull=False, contract__isnull=False),
}


# Kinds that hang on a link alone reach their contract through it.
OF_LINK = dict.fromkeys(("approval", "notice", "flow_down"), "subcontract__contract_id")


def _everything(among) -> Any:
    first, *others = (
        records.filter(among(OF_LINK.get(kind, "contract_id"))) for kind, records in RECORDS.items()
    )
    return first.union(*others, all=True)


EVERYTHING = Prepared(_everything)


class Recorded:
    """What is recorded of one contract, or of one link."""

    __slots__ = (
        *("approvals", "notices", "inspections", "confirmed", "flow_down"),
        *("checked", "measured", "proof", "decisions", "justified"),
    )

    def __init__(self):
        self.approvals, self.notices, self.inspections = [], [], []
        self.confirmed, self.flow_down = [], []
        self.checked = self.measured = self.proof = FOREVER
        self.decisions: list[tuple[int, int, bool]] = []  # day, key, needed
        self.justified: dict[tuple[str, str], list] = {}

    @property
    def decisions_in_order(self) -> tuple[tuple[int, bool], ...]:
        """Of two of one day the one recorded later stands."""
        return tuple((day, needed) for day, _, needed in sorted(self.decisions))


def _add_approval(found: Recorded, key, day, first, last, text) -> None:
    fact = approval_fact(day, first, last, text)
    if fact:
        found.approvals.append(fact)


def _add_notice(found: Recorded, key, day, first, last, text) -> None:
    found.notices.append(day.toordinal())


def _add_inspection(found: Recorded, key, day, first, last, text) -> None:
    in_principle, *covered = text
    found.inspections.append(_inspection(day.toordinal(), in_principle == "1", "".join(covered)))


def _add_check(found: Recorded, key, day, first, last, text) -> None:
    found.checked = min(found.checked, day.toordinal())


def _add_confirmation(found: Recorded, key, day, first, last, text) -> None:
    found.confirmed.append(_listed(day.toordinal(), text))


def _add_flow_down(found: Recorded, key, day, first, last, text) -> None:
    found.flow_down.append(_listed(day.toordinal(), text))


def _add_decision(found: Recorded, key, day, first, last, text) -> None:
    found.decisions.append((day.toordinal(), key, text == "1"))


def _add_measure(found: Recorded, key, day, first, last, text) -> None:
    found.measured = min(found.measured, day.toordinal())


def _add_proof(found: Recorded, key, day, first, last, text) -> None:
    found.proof = min(found.proof, day.toordinal())


def _add_justification(found: Recorded, key, day, first, last, text) -> None:
    rule, _, subject = text.partition(" ")
    found.justified.setdefault((rule, subject), []).append((first.toordinal(), end_of(last)))


ADD: dict[str, Callable] = {
    "approval": _add_approval,
    "notice": _add_notice,
    "inspection": _add_inspection,
    "capability": _add_check,
    "confirmation": _add_confirmation,
    "flow_down": _add_flow_down,
    "decision": _add_decision,
    "measure": _add_measure,
    "proof": _add_proof,
    "justification": _add_justification,
}

_SCOPES_OF = {
    "".join(marks): frozenset(name for (name, _), m in zip(SCOPES, marks, strict=True) if m == "1")
    for marks in product("01", repeat=len(SCOPES))
}


# Thousands of records say the same of the same day: their facts are made once, which halves what
# rules have to fetch from memory.


@lru_cache(maxsize=8192)
def _inspection(day: int, in_principle: bool, covered: str) -> InspectionFact:
    return InspectionFact(day, in_principle, _SCOPES_OF[covered])


@lru_cache(maxsize=8192)
def _listed(day: int, codes: str) -> Listed:
    return Listed(day, _codes(codes))


@lru_cache(maxsize=8192)
def _codes(codes: str) -> frozenset[str]:
    return frozenset(json.loads(codes))


def read_records(ids: list[int], links: dict[int, list[dict]]) -> dict[int, Recorded]:
    """By contract; what is of a link goes into the link's row."""
    return gathered(EVERYTHING(ids), links)


def gathered(rows: Iterable[tuple], links: dict[int, list[dict]]) -> dict[int, Recorded]:
    """The same of rows as EVERYTHING gives them, wherever they come from."""
    of_contract: dict[int, Recorded] = {}
    of_link: dict[int, Recorded] = {}
    for kind, key, contract, link, *rest in rows:
        owner, place = (of_contract, contract) if link is None else (of_link, link)
        found = owner.get(place)
        if found is None:
            found = owner[place] = Recorded()
        ADD[kind](found, key, *rest)
    nothing = Recorded()
    for chain in links.values():
        for row in chain:
            found = of_link.get(row["id"], nothing)
            row["approvals"], row["notices"] = tuple(found.approvals), tuple(found.notices)
            row["inspections"] = tuple(found.inspections)
            row["flow_down"], row["proof"] = tuple(found.flow_down), found.proof
    return of_contract
