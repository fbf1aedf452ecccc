"""Roles × every route × own, other, none, anonymous × methods, against the truth table."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import WITHOUT_AGENCY, Role
from accounts.truth_table import MAY
from outsourcing.abilities import Ability
from outsourcing.models import Agency, AgencyKind
from tests import factories as make
from tests import imports, ledgers
from tests.pages import client_of, said
from tests.routes import ALL_METHODS, ROUTES, Route, address, patterns

pytestmark = pytest.mark.django_db

NOBODY = "nobody"  # signed in, without a role
ROLES = [*Role.values, NOBODY]
ODD_METHODS = [method for method in ALL_METHODS if method not in ("GET", "POST")]
FOUND = (200, 302, 400)  # 400: a form that was sent empty
NONE = {
    "contract": ("A01-2017-99999",),
    "contract-kind": ("A01-2017-99999", "selection"),
    "contract-record": ("A01-2017-99999", "fault", 1),
    "link": ("A01-2017-99999", 1),
    "link-kind": ("A01-2017-99999", 1, "approval"),
    "link-record": ("A01-2017-99999", 1, "approval", 1),
    "disclosure": ("A01-2017-T99999",),
    "finding": ("A01-2017-99999", "capability-check", "contract", "2017-04-01"),
    "inspection": ("A01-2017-K99999",),
    "target": ("A01-2017-K99999", "A01-2017-99999"),
    "evidence": ("A01-2017-K99999", UUID(int=0)),
    "plan": (UUID(int=0),),
    "correction": (UUID(int=0),),
    "correction-evidence": (UUID(int=0), UUID(int=0)),
    "notice": (UUID(int=0),),
    "agency": ("A99",),
    "draft": (UUID(int=0),),
    "body": ("B999",),
    "contractor": (UUID(int=0),),
    "holding": (UUID(int=0),),
    "person": ("nobody-of-that-name",),
    "membership": (UUID(int=0),),
    "section": ("A99", "999"),
    "unsent": (UUID(int=0),),
    "bundle": (UUID(int=0),),
    "import": (UUID(int=0),),
    "import-sheet": (UUID(int=0), 1),
    "report": (UUID(int=0),),
    "advisory": (UUID(int=0),),
}


def objects_of(agency: Agency) -> dict[str, tuple]:
    """Of each kind of object that an address names, the one that an agency has."""
    visit = make.inspection(contract=make.contract(agency=agency))
    company = make.contractor(agency=agency, no_number_reason="unknown")
    chain = make.contract(agency=agency)
    action = make.corrective_action(finding=chain.findings.first())
    sent = imports.checked(agency=agency)
    make.approval(link=make.link(contract=chain))
    make.fault(contract=chain)
    return {
        "contract": (make.contract(agency=agency).code,),
        "contract-kind": (chain.code, "selection"),
        "contract-record": (chain.code, "fault", 1),
        "link": (chain.code, 1),
        "link-kind": (chain.code, 1, "approval"),
        "link-record": (chain.code, 1, "approval", 1),
        "disclosure": (make.disclosure(agency=agency).code,),
        "inspection": (visit.code,),
        "target": (visit.code, visit.targets.get().code),
        "evidence": (visit.code, make.evidence(inspection=visit).public_id),
        "plan": (make.plan(contract=make.contract(agency=agency)).public_id,),
        "finding": (make.contract(agency=agency).code, *NONE["finding"][1:]),
        "correction": (action.public_id,),
        "correction-evidence": (
            action.public_id,
            make.correction_evidence(action=action).public_id,
        ),
        "notice": (make.download_notice(agency=agency).public_id,),
        "agency": (agency.code,),
        "draft": (make.draft(agency=agency).public_id,),
        "contractor": (company.public_id,),
        "holding": (make.holding(holder=company, held=make.contractor()).public_id,),
        "body": (make.agency(kind=AgencyKind.INDEPENDENT).code,),
        "person": (make.officer(agency).username,),
        "membership": (make.proposal(agency=agency).public_id,),
        "section": (agency.code, make.section(agency=agency).code),
        "unsent": (make.unsent(user=make.user()).public_id,),
        "bundle": (make.bundle(user=make.user()).key,),
        "import": (sent.public_id,),
        "import-sheet": (sent.public_id, 1),
        "report": (make.report(owner=make.officer(agency), agency=agency, shared=True).public_id,),
        "advisory": (make.advisory(to=[agency]).public_id,),
    }


@pytest.fixture
def ledger():
    made = ledgers.three_agencies()
    return made, objects_of(made.own), objects_of(made.other)


def may(role: str, ability: Ability) -> bool:
    return ability == Ability.USE or (role != NOBODY and Role(role) in MAY[ability])


def expected(role: str, name: str, method: str, whose: str) -> tuple[int, ...]:
    """The statuses the truth table allows an answer to have."""
    route = ROUTES[name]
    if route.ability is None:  # for who is not signed in; others are led on
        return (*FOUND, 405)
    if not may(role, route.ability):
        return (403,)
    if method not in route.methods:
        return (405,)
    if whose == "none" or (whose == "other" and role not in WITHOUT_AGENCY):
        return (404,)
    if route.args in ("unsent", "report", "bundle") and whose == "other":
        return (404,)  # one's own alone, whatever one may see else
    if name == "download-notice-seen" and role == Role.SURVEY_OFFICE:
        return (404,)  # it sees those of its own people, and leaves an agency's to the agency
    if (name, role) in {("advisory-read", Role.SURVEY_OFFICE), ("advisory-void", Role.CHIEF)}:
        return (404,)  # the ministry's, which its own people take back, and others read
    return FOUND


def test_every_route_is_in_the_matrix_and_asks_for_what_the_matrix_says():
    marked = {
        pattern.name: None
        if not getattr(pattern.callback, "login_required", True)
        else getattr(pattern.callback, "ability", "nothing")
        for pattern in patterns()
    }
    assert marked == {name: route.ability for name, route in ROUTES.items()}


def in_turns(role: str, route: Route, turn: int) -> tuple[str, ...]:
    """Every method as the first role that may; as the others, one of those that no page sends."""
    if role == next(each for each in ROLES if may(each, route.ability or Ability.USE)):
        return ALL_METHODS
    odd = ODD_METHODS[(turn + ROLES.index(role)) % len(ODD_METHODS)]
    return tuple(method for method in ALL_METHODS if method in ("GET", "POST", odd))


def every(role: str, route: Route, turn: int) -> tuple[str, ...]:
    return ALL_METHODS


@pytest.mark.parametrize("methods", [in_turns, pytest.param(every, marks=pytest.mark.prove)])
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_the_truth_table_says_and_nothing_else(ledger, role, methods):
    made, own, other = ledger
    user = make.user(role=None if role == NOBODY else role, agency=made.own)
    where = None if role in WITHOUT_AGENCY else made.own
    own = own | {
        "unsent": (make.unsent(user=user).public_id,),
        "bundle": (make.bundle(user=user).key,),
        "report": (make.report(owner=user, agency=where).public_id,),
    }
    wrong, left = [], set()
    client = client_of(user)
    for turn, (name, route) in enumerate(ROUTES.items()):
        on_own, kinds = methods(role, route, turn), {"own": own}
        if isinstance(route.args, str):
            kinds |= {"other": other, "none": NONE}
        for whose, objects in kinds.items():
            for method in on_own if whose == "own" else ("GET", "POST"):
                answer = client.generic(method, address(name, objects))
                if answer.status_code not in expected(role, name, method, whose):
                    wrong.append((name, whose, method, answer.status_code))
                if answer.wsgi_request.user != user:
                    left.add((name, method))
                    client = client_of(user)
    assert wrong == []
    assert left == {("logout", "POST")}


def test_who_is_not_signed_in_is_led_to_the_login_whatever_there_is(ledger):
    _, own, _ = ledger
    wrong = []
    for name, route in ROUTES.items():
        if route.ability is None:
            continue
        for objects in (own, NONE):
            for method in ALL_METHODS:
                response = Client().generic(method, address(name, objects))
                if not response.headers.get("Location", "").startswith(reverse("login") + "?"):
                    wrong.append((name, method, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", [role for role in Role.values if role not in WITHOUT_AGENCY])
def test_what_another_agency_has_looks_like_what_there_is_not(ledger, role):
    made, _, other = ledger
    client = client_of(make.user(role=role, agency=made.own))
    for name, route in ROUTES.items():
        if isinstance(route.args, str):
            method = route.methods[0]
            answers = [client.generic(method, address(name, kind)) for kind in (other, NONE)]
            assert len({said(answer) for answer in answers}) == 1, name
