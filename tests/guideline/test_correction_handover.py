"""担当引継ぎ of what is to be put right: of contracts and of provisions, by section."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actions.handover import hand_over
from accounts.models import Role
from guideline.models import CorrectiveAction
from outsourcing.models import handed_over
from tests import factories as make
from tests.snapshots import refused

pytestmark = pytest.mark.django_db

APRIL = date(2019, 4, 1)


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01")
        self.section = make.section(agency=self.agency)
        self.chief = make.user(role=Role.CHIEF, agency=self.agency)
        self.leaving, self.coming = (make.officer(self.agency) for _ in range(2))

    def of_contract(self, section=None, **fields):
        contract = make.contract(agency=self.agency, section=section)
        return self.action(contract.findings.first(), **fields)

    def of_disclosure(self, section=None, **fields):
        disclosure = make.disclosure(agency=self.agency, section=section)
        return self.action(disclosure.findings.first(), **fields)

    def action(self, finding, **fields):
        return make.corrective_action(finding=finding, **{"officer": self.leaving} | fields)

    def hand_over(self, **fields):
        given = {"by": self.chief, "agency": self.agency, "of": self.leaving, "on": APRIL}
        return hand_over(**given | {"to": self.coming} | fields)

    def of_coming(self, person=None) -> set[int]:
        rows = CorrectiveAction.objects.filter(officer=person or self.coming)
        return set(rows.values_list("pk", flat=True))


@pytest.fixture
def office():
    return Office()


def test_what_is_open_passes_and_what_is_done_or_void_stays(office):
    assert CorrectiveAction in handed_over()
    open_ = [office.of_contract(), office.of_disclosure()]
    office.of_contract(closed_on=date(2018, 7, 1), outcome="済")
    office.of_contract(officer=make.officer(office.agency))
    done = office.hand_over()
    assert (done.number, office.of_coming()) == (2, {row.pk for row in open_})


def test_what_is_of_a_section_passes_to_who_writes_for_it(office):
    own = [office.of_contract(office.section), office.of_disclosure(office.section)]
    manager = make.user(role=Role.MANAGER, agency=office.agency, section=office.section)
    office.of_contract(), office.of_disclosure()  # of none
    office.of_contract(make.section(agency=office.agency))
    office.hand_over(by=manager)
    assert office.of_coming() == {row.pk for row in own}


@pytest.mark.parametrize("kind", ["of_contract", "of_disclosure"])
@pytest.mark.parametrize("named", [True, False])
def test_who_writes_for_a_section_does_not_take_anothers_or_that_of_none(office, kind, named):
    section = make.section(agency=office.agency) if named else None
    getattr(office, kind)(section)
    narrow = make.user(role=Role.OFFICER, agency=office.agency, section=office.section)
    with refused("役割は課室に限られ"):
        office.hand_over(to=narrow)
    assert office.of_coming(narrow) == set()


@pytest.mark.parametrize("kind", ["of_contract", "of_disclosure"])
def test_who_writes_for_a_section_takes_its_own(office, kind):
    row = getattr(office, kind)(office.section)
    narrow = make.user(role=Role.OFFICER, agency=office.agency, section=office.section)
    office.hand_over(to=narrow)
    assert office.of_coming(narrow) == {row.pk}
