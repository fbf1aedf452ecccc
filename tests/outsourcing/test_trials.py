"""What a form says would be found is what is found once it has been sent: for random changes, one
after the other, through the pages themselves."""

from __future__ import annotations

import random
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guideline.subjects import subject_in_words
from guideline.unsaved import expected
from outsourcing.contractor_fields import as_typed
from outsourcing.models import ApprovalResult, Clause, Contract, LinkWork, Matter, Relation
from outsourcing.record_kinds import KINDS
from outsourcing.writing import contract_key
from tests import factories as make
from tests.pages import client_of
from tests.properties import fewer

pytestmark = pytest.mark.django_db
SHARED = settings(fewer(20), suppress_health_check=list(HealthCheck))

FIRST, LAST = date(2018, 8, 1), date(2019, 3, 31)
NEW_LAW = date(2018, 10, 22)
DAYS = sorted(
    {day + timedelta(days=n) for day in (FIRST, LAST, NEW_LAW) for n in (-2, -1, 0, 1, 2, 60)}
)
CHECKLIST = ["capability", *(f"8-4({n})" for n in range(1, 7)), "written_confirmation"]


class Story:
    """A contract, somebody who writes there, and luck."""

    def __init__(self, client, companies, chance: random.Random):
        self.client, self.companies, self.chance = client, companies, chance

    def begin(self, agency) -> None:
        contract = make.contract(
            agency=agency,
            contractor=self.companies[0],
            first_day=FIRST,
            last_day=LAST,
            clause=self.one_of(Clause),
            uses_dispatched_workers=self.maybe(True) or False,
        )
        self.code = contract.code
        for _ in range(self.chance.randint(0, 3)):
            parent = self.some_link(contract)
            make.link(contract=contract, parent=parent, contractor=self.company())

    @property
    def contract(self) -> Contract:
        return Contract.objects.get(**contract_key(self.code))

    def one_of(self, choices) -> str:
        return self.chance.choice(list(choices.values))

    def day(self) -> str:
        return self.chance.choice(DAYS).isoformat()

    def maybe(self, value):
        return self.chance.choice([value, value, ""])

    def company(self):
        return self.chance.choice(self.companies)

    def some_link(self, contract):
        links = list(contract.subcontracts.valid().order_by("number"))
        return self.chance.choice([None, *links, *links])

    def path(self, rest: str) -> str:
        return f"/contracts/{self.code}/{rest}"

    # --- what may be typed ---

    def link_fields(self) -> dict:
        return {
            "contractor": as_typed(self.company()),
            "work": self.one_of(LinkWork),
            "first_day": self.day(),
            "last_day": self.maybe(self.day()),
            "handles_information": self.maybe("on"),
            "declared_relation": self.one_of(Relation),
        }

    def terms(self) -> dict:
        typed = {"clause": self.one_of(Clause), "exempt_work-core": self.maybe("第8条")}
        for item in self.chance.sample(["8-4(1)", "8-4(3)", "8-4(2)注"], 2):
            typed[f"items-{item}-said"] = self.chance.choice(["said", "said", ""])
        return typed

    def record(self, kind: str) -> dict:
        day = self.day()
        return {
            "selection": {"checked_on": day},
            "confirmation": {
                "matters": self.chance.sample(Matter.values, 2),
                "confirmed_on": day,
            },
            "anonymization": {
                "decided_on": day,
                "needed": self.chance.choice(["yes", "no"]),
            },
            "measure": {"done_on": day, "method": "番号に置き換え"},
            "disposal": {
                "method": "erased",
                "done_on": day,
                "certificate_received_on": self.maybe(day),
            },
            "approval": {
                "result": self.one_of(ApprovalResult),
                "decided_on": self.maybe(day),
                "first_day": self.maybe(self.day()),
                "last_day": self.maybe(self.day()),
            },
            "notice": {"received_on": day},
            "flow-down": {
                "items": self.chance.choice([CHECKLIST, CHECKLIST[:3], CHECKLIST[2:]]),
                "recorded_on": day,
            },
        }[kind]

    def change(self) -> tuple[str, dict]:
        """(address, what is typed)"""
        link = self.some_link(self.contract)
        kinds = [code for code, kind in KINDS.items() if kind.entry and kind.form]
        if link is None:
            kind = self.chance.choice([k for k in kinds if not KINDS[k].is_of_link])
            return self.chance.choice(
                [
                    (self.path("links/new/"), self.link_fields()),
                    (self.path(f"records/{kind}/new/"), self.record(kind)),
                    (self.path("amend/"), self.terms() | {
                        "effective_on": self.day(), "last_day": self.maybe(self.day())}),
                    (self.path("terminate/"), {
                        "terminated_on": self.day(), "termination_reason": "管理体制"}),
                    (self.path("terminate/back/"), {}),
                    (self.path("correct/"), self.corrected()),
                    *self.voids("records", self.contract, of_link=False),
                ]
            )  # fmt: skip
        at = self.path(f"links/{link.number}/")
        kind = self.chance.choice([k for k in kinds if KINDS[k].is_of_link])
        other = self.some_link(self.contract)
        return self.chance.choice(
            [
                (at, self.link_fields()),
                (f"{at}new/", self.link_fields()),
                (f"{at}end/", {"last_day": self.day()}),
                (f"{at}move/", {"parent": other.number if other else ""}),
                (f"{at}void/", {"reason": "誤り"}),
                (f"{at}records/{kind}/new/", self.record(kind)),
                (f"{at}records/{kind}/new/", self.record(kind)),
                *self.voids(f"links/{link.number}/records", link, of_link=True),
            ]
        )

    def corrected(self) -> dict:
        return self.terms() | {
            "title": "訂正した契約",
            "contractor": as_typed(self.company()),
            "concluded_on": self.day(),
            "first_day": self.day(),
            "agreed_last_day": self.day(),
            "work": self.one_of(Contract.Work),
            "information": self.one_of(Contract.Information),
            "sensitivity": "ordinary",
            "clause": self.one_of(Clause),
            "uses_dispatched_workers": self.maybe("on"),
            "dispatch_article": self.maybe("第3条"),
        }

    def voids(self, at: str, of, *, of_link: bool):
        for code, kind in KINDS.items():
            if kind.entry and kind.is_of_link == of_link:
                for number, row in enumerate(kind.rows(of), 1):
                    if row.voided_on is None:
                        yield self.path(f"{at}/{code}/{number}/void/"), {"reason": "誤り"}


def found(contract: Contract) -> list[tuple]:
    def last(until):
        return until and until - timedelta(days=1)

    return sorted(
        (f.rule, subject_in_words(f.subject), f.severity, f.since.isoformat(),
         str(last(f.until)), f.excused)
        for f in contract.findings.all()
    )  # fmt: skip


def foretold(trial) -> list[tuple]:
    """Once the page has carried out the change."""
    return sorted(
        (one.rule.code, one.subject, str(one.severity.value), one.since.isoformat(),
         str(one.last_day), one.excused)
        for one in expected(trial.entry)
    )  # fmt: skip


@pytest.fixture
def office():
    agency = make.agency()
    companies = [make.contractor() for _ in range(4)]
    make.holding(holder=companies[0], held=companies[1])
    return agency, client_of(make.officer(agency)), companies


@SHARED
@given(st.integers(0, 2**32))
def test_what_is_foretold_is_what_is_found_after_saving(office, seed):
    agency, client, companies = office
    with transaction.atomic():
        story = Story(client, companies, random.Random(seed))
        story.begin(agency)
        for _ in range(6):
            address, typed = story.change()
            page = client.get(address)
            if page.status_code == 302:  # nothing there to be taken back
                continue
            form = page.context["form"]
            carried = {f.name: f.value() for f in form.hidden_fields()}
            typed |= carried | ({"once": uuid4()} if "once" in carried else {})
            before = found(story.contract)
            told = client.post(address, typed | {"check": "1", "fragment": "1"})
            trial = told.context["trial"]
            assert found(story.contract) == before, address
            saved = client.post(address, typed)
            assert (saved.status_code == 302) == (trial is not None), (address, typed)
            if trial is not None:
                assert foretold(trial) == found(story.contract), (address, typed)
            else:
                assert found(story.contract) == before
        transaction.set_rollback(True)
