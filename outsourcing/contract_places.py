"""Where forms of a contract lead back to, and what stands around them."""

from __future__ import annotations

from django.urls import reverse

from outsourcing.models import Clause, Contract, Subcontract
from outsourcing.terms import terms_on
from outsourcing.wareki import both

MEANING = {
    Clause.PRIOR_APPROVAL: "原則禁止・承認があれば可",
    Clause.FORBIDDEN: "承認があっても認めない",
    Clause.PRIOR_NOTICE: "前もって届け出れば可",
}


def place(request, contract: Contract, anchor: str) -> str:
    """A part of the contract's page, as of the day that was looked at."""
    day = f"?as_of={request.as_of().isoformat()}" if "as_of" in request.GET else ""
    return f"{reverse('contract', args=[contract.code])}{day}#{anchor}"


def around(request, contract: Contract, anchor: str, *facts) -> dict:
    """What ``form_page`` is told beside title and button."""
    crumbs = [("契約の一覧", reverse("contracts")), (contract.code, place(request, contract, ""))]
    known = [("契約", f"{contract.code}　{contract.title}")]
    return {
        "back": place(request, contract, anchor),
        "crumbs": crumbs,
        "facts": [*known, *(fact for fact in facts if fact)],
    }


def term(contract: Contract) -> tuple[str, str]:
    return "契約期間", f"{both(contract.first_day)}から{both(contract.last_day)}まで"


def clause(contract: Contract, on) -> tuple[str, str]:
    """The clause in force, and what it means."""
    amendments = contract.amendments.valid().order_by("effective_on", "pk")
    found = Clause(terms_on(contract, amendments, on=on).clause)
    meaning = MEANING.get(found)
    return "再委託の条項", found.label + (f"（{meaning}）" if meaning else "")


def named(link: Subcontract) -> tuple[str, str]:
    return f"再委託{link.number}", link.contractor.name
