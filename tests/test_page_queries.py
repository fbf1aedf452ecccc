"""No page asks the database more often because there is more to show."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from guideline.correction_targets import target_code
from outsourcing.actions import contracts, records
from outsourcing.models import InspectionTarget, PlannedInspection
from tests import factories as make
from tests import imports, ledgers
from tests.exchange.importing.lines import plan, sheet_plan
from tests.pages import client_of, downloads, pages_of_ledger, pages_of_round

pytestmark = pytest.mark.django_db

# At most; three of them are the session, the user with memberships, and what stands above a page.
MOST = {
    "survey": 19,
    "survey-table": 10,
    "survey-contracts": 7,
    "reconciliation": 14,
    "contradictions": 6,
    "exports": 5,
    "download": 13,
    "contracts": 7,
    "implausible": 5,
    "disclosures": 5,
    "contractors": 5,
    "holdings": 5,
    "exchange": 5,
    "imports": 5,
    "import": 5,
    "import-columns": 5,
    "guideline-edition": 5,
    "guideline-provision": 5,
    "guideline-compare": 3,
    "guideline-rules": 5,
    "guideline-safety": 3,
    "management": 4,
    "people": 7,
    "memberships-pending": 5,
    "sections": 6,
    "handover": 14,
    "work": 28,
    "work-approvals": 14,
    "work-contracts": 14,
    "work-drafts": 12,
    "renewals": 20,
    "inspections": 6,
    "inspection": 10,
    "inspection-new": 10,
    "inspection-plans": 6,
    "inspection-plan-new": 6,
    "inspection-calendar": 8,
    "corrections": 8,
    "correction": 11,
    "correction-new": 9,
    "dashboard": 19,
    "dashboard-part": 20,
    "findings": 9,
    "finding-facets": 14,  # of each state of correction its own
    "finding-changes": 11,
    "comparing": 12,
    "comparing-parts": 14,
    "comparing-editions": 6,
    "advisories": 4,
    "crosstab": 10,
    "crosstab-contracts": 11,
    "reports": 4,
    "report": 22,
    "report-new": 4,
    "contract": 31,
    "contract-history": 36,
    "contract-timeline": 15,
    "contract-paper": 27,
    "structure-paper": 14,
}


# What is said around a page (PostgreSQL): whose rows it may see, who acts, and no longer.
AROUND = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT current_setting(", "SELECT set_config(")


def queries(client, address: str) -> tuple[str, int]:
    """The name of the page and how often it asked."""
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200, address
    own = [query for query in asked.captured_queries if not query["sql"].startswith(AROUND)]
    assert len(asked) - len(own) <= 12  # most where something is taken out, and counted
    return response.resolver_match.url_name, len(own)


def asked_by_every_page(client) -> dict[str, tuple[str, int]]:
    addresses = pages_of_round() + pages_of_ledger() + downloads()
    return {address: queries(client, address) for address in addresses}


@pytest.mark.parametrize("role", [Role.SURVEY_OFFICE, Role.OFFICER])
def test_300_contracts_ask_no_more_than_30(role):
    ledger = ledgers.small_ledger()
    client = client_of(make.user(role=role, agency=ledger.own))
    company = make.contractor()

    def fill(number):
        for information in ("personal", "statistics"):
            many = make.many_contracts(
                number=number, agency=ledger.own, contractor=company, information=information,
                round_=ledger.round,
            )  # fmt: skip
            for contract in many[: number // 15]:  # contradictions and breaches, too
                make.link(contract=contract, first_day=date(2017, 3, 1))
                make.fault(contract=contract)

    make.published(
        sheet="administrative-organs", row="A01", label="あおぞら省",
        total=1, no_breach=1, breach=0, unverifiable=0,
    )  # fmt: skip
    fill(15)
    few = asked_by_every_page(client)
    fill(135)
    assert asked_by_every_page(client) == few
    assert [(address, asked) for address, asked in few.items() if asked[1] > MOST[asked[0]]] == []


@pytest.mark.parametrize("role", [Role.CHIEF, Role.SYSTEM_ADMIN])
def test_60_people_and_sections_ask_no_more_than_6(role):
    agency = make.agency(code="A01")
    leaving, coming = make.officer(agency), make.officer(agency)
    client = client_of(make.user(role=role, agency=agency))

    def fill(number):
        for _ in range(number):
            section = make.section(agency=agency, last_day=date(2018, 3, 31))
            user = make.user(role=Role.OFFICER, agency=agency, section=section)
            make.proposal(agency=agency, user=user, section=make.section(agency=agency))
            row = make.contract(agency=agency, section=section)
            contracts.put_in_charge(row, by=leaving, officer=leaving)

    def asked():
        addresses = [reverse(name) for name in ("management", "people", "memberships-pending")]
        if role == Role.CHIEF:
            handover = reverse("handover", args=["A01"])
            chosen = f"?of={leaving.username}&to={coming.username}&on=2017-12-01"
            addresses += [reverse("sections", args=["A01"]), handover, handover + chosen]
        return {address: queries(client, address) for address in addresses}

    fill(6)
    few = asked()
    fill(54)
    assert asked() == few
    assert [(address, n) for address, (name, n) in few.items() if n > MOST[name]] == []


def test_10_inspections_ask_no_more_than_1():
    agency = make.agency(code="A01")
    officer = make.officer(agency)
    client = client_of(officer)
    visit = make.inspection(contract=make.contract(agency=agency))
    codes = [visit.targets.get().code]

    def fill(number):
        for _ in range(number):
            contract = make.contract(agency=agency, last_day=date(2030, 3, 31))
            contracts.put_in_charge(contract, by=officer, officer=officer)
            link = make.link(contract=contract)
            codes.append(f"{contract.code}:{link.subject}")
            make.inspection(contract=contract, link=link)
            plan = make.plan(contract=contract, officer=officer)
            make.plan(contract=contract, link=link, officer=officer)
            records.record(InspectionTarget(inspection=visit, contract=contract), by=officer)
            PlannedInspection.objects.filter(pk=plan.pk).update(inspection=visit)
            make.evidence(inspection=visit, content=b"%PDF-" + contract.code.encode())

    def asked():
        names = ("inspections", "inspection-new", "inspection-plans", "inspection-calendar")
        chosen = "?targets=" + "&targets=".join(codes)
        return [
            *(queries(client, reverse(name)) for name in names),
            queries(client, reverse("inspection", args=[visit.code])),
            queries(client, reverse("inspection-new") + chosen),
            queries(client, reverse("inspection-plan-new") + chosen),
        ]

    fill(1)
    few = asked()
    fill(9)
    assert asked() == few
    assert [(name, number) for name, number in few if number > MOST[name]] == []


def test_10_measures_ask_no_more_than_1():
    agency = make.agency(code="A01")
    client = client_of(make.officer(agency))
    first = make.contract(agency=agency).findings.order_by("pk").first()
    action = make.corrective_action(finding=first)
    codes = []

    def fill(number):
        for _ in range(number):
            finding = make.contract(agency=agency).findings.order_by("pk").first()
            codes.append(target_code(finding.contract.code, finding))
            make.corrective_action(finding=finding)
            other = make.corrective_action(finding=first, measure="prevention")
            content = b"%PDF-" + other.public_id.bytes
            make.correction_evidence(action=action, content=content)
            provided = make.disclosure(agency=agency).findings.order_by("pk").first()
            codes.append(target_code(provided.disclosure.code, provided))
            make.corrective_action(finding=provided)

    def asked():
        chosen = "?findings=" + "&findings=".join(codes)
        return [
            queries(client, reverse("corrections")),
            queries(client, reverse("correction", args=[action.public_id])),
            queries(client, reverse("correction-new") + chosen),
        ]

    fill(1)
    few = asked()
    fill(9)
    assert asked() == few
    assert [(name, number) for name, number in few if number > MOST[name]] == []


def test_30_imports_and_rows_ask_no_more_than_1():
    agency = make.agency(code="A01")
    client = client_of(make.officer(agency))

    def asked(number):
        for _ in range(number):
            kinds = sheet_plan(added=number, changed=number, left_out=number)
            made = plan(kinds, mistakes=number, cautions=["注意"] * number)
            row = imports.checked(agency=agency, plan=made, content=b"same")
        place = reverse("import", args=[row.public_id])
        return [
            queries(client, reverse("imports")),
            *(queries(client, f"{place}?sheet=1&show={kind}") for kind in ("added", "changed")),
            queries(client, reverse("import-columns", args=[row.public_id, 1])),
        ]

    asked(2)  # sent before: its sender is named
    few = asked(1)
    assert asked(30) == few
    assert [(name, number) for name, number in few if number > MOST[name]] == []


def test_a_chain_of_30_links_asks_no_more_than_one_of_a_single_link():
    client = client_of(make.user(role=Role.SURVEY_OFFICE))

    def asked(name, depth):
        contract = make.contract()
        prime = contract.contractor
        for link in make.chain(contract=contract, depth=depth):
            make.approval(link=link)
            make.inspection(contract=contract, link=link)
            make.holding(holder=prime, held=link.contractor)
            make.fault(contract=contract)
        return queries(client, reverse(name, args=[contract.code]))

    papers = ("contract-timeline", "contract-paper", "structure-paper")
    for name in ("contract", "contract-history", *papers):
        single = asked(name, 1)
        assert asked(name, 30) == single
        assert single[1] <= MOST[name]
