"""Every page there is, as the address resolver knows them, and what each asks of who opens it.

Written down beside the code, not read off it: a route that is not here fails the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, get_resolver, reverse

from outsourcing.abilities import Ability

READ = ("GET", "HEAD")
WRITE = ("GET", "HEAD", "POST")
ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Route(NamedTuple):
    """``ability``: None for who is not signed in. ``args``: of the address, or the name of the
    object they name, of which there is one of the own agency, one of another, and none."""

    ability: Ability | None
    methods: tuple[str, ...] = READ
    args: tuple | str = ()


ROUTES = {
    "login": Route(None, WRITE),
    "logout": Route(Ability.USE, ("POST", "OPTIONS")),
    "login-code": Route(None, WRITE),
    "session": Route(None, WRITE),
    "account": Route(Ability.USE),
    "unsent": Route(Ability.USE, WRITE, "unsent"),
    "password-change": Route(Ability.USE, (*WRITE, "PUT", "OPTIONS")),
    "second-factor": Route(Ability.USE),
    "second-factor-set-up": Route(Ability.USE, WRITE),
    "second-factor-step": Route(Ability.USE, WRITE, ("start",)),
    "access-records": Route(Ability.READ_TRAIL),
    "export-seal": Route(Ability.EXPORT_SEAL, ("POST",)),
    "download-notices": Route(Ability.READ_NOTICES),
    "download-notice-seen": Route(Ability.READ_NOTICES, ("POST",), "notice"),
    "download-limits": Route(Ability.SET_LIMITS),
    "download-limit": Route(Ability.SET_LIMITS, WRITE, "agency"),
    "management": Route(Ability.USE),
    "people": Route(Ability.PROPOSE_MEMBERS),
    "person-new": Route(Ability.MANAGE_ACCOUNTS, WRITE),
    "people-csv": Route(Ability.MANAGE_ACCOUNTS, WRITE),
    "person": Route(Ability.PROPOSE_MEMBERS, args="person"),
    "person-edit": Route(Ability.MANAGE_ACCOUNTS, WRITE, "person"),
    "person-password": Route(Ability.MANAGE_ACCOUNTS, WRITE, "person"),
    "person-second-factor": Route(Ability.MANAGE_ACCOUNTS, WRITE, "person"),
    "membership-propose": Route(Ability.PROPOSE_MEMBERS, WRITE, "person"),
    "memberships-pending": Route(Ability.PROPOSE_MEMBERS),
    "membership-confirm": Route(Ability.CONFIRM_MEMBERS, WRITE, "membership"),
    "membership-void": Route(Ability.PROPOSE_MEMBERS, WRITE, "membership"),
    "membership-end": Route(Ability.PROPOSE_MEMBERS, WRITE, "membership"),
    "handover": Route(Ability.HAND_OVER, WRITE, "agency"),
    "contract-officer": Route(Ability.HAND_OVER, WRITE, "contract"),
    "contract-amend": Route(Ability.WRITE_LEDGER, WRITE, "contract"),
    "contract-terminate": Route(Ability.WRITE_LEDGER, WRITE, "contract"),
    "contract-termination-back": Route(Ability.WRITE_LEDGER, WRITE, "contract"),
    "contract-correct": Route(Ability.WRITE_LEDGER, WRITE, "contract"),
    "contract-void": Route(Ability.WRITE_LEDGER, WRITE, "contract"),
    "record-new": Route(Ability.WRITE_LEDGER, WRITE, "contract-kind"),
    "record-void": Route(Ability.WRITE_LEDGER, WRITE, "contract-record"),
    "link-new": Route(Ability.WRITE_LEDGER, WRITE, "contract"),
    "link": Route(Ability.WRITE_LEDGER, WRITE, "link"),
    "link-under": Route(Ability.WRITE_LEDGER, WRITE, "link"),
    "link-move": Route(Ability.WRITE_LEDGER, WRITE, "link"),
    "link-end": Route(Ability.WRITE_LEDGER, WRITE, "link"),
    "link-void": Route(Ability.WRITE_LEDGER, WRITE, "link"),
    "link-record-new": Route(Ability.WRITE_LEDGER, WRITE, "link-kind"),
    "link-record-void": Route(Ability.WRITE_LEDGER, WRITE, "link-record"),
    "contract-transfer": Route(Ability.HAND_OVER, WRITE, "contract"),
    "sections": Route(Ability.HAND_OVER, args="agency"),
    "section-new": Route(Ability.HAND_OVER, WRITE, "agency"),
    "section-merge": Route(Ability.HAND_OVER, WRITE, "agency"),
    "section": Route(Ability.HAND_OVER, WRITE, "section"),
    "supervisors": Route(Ability.RUN_SURVEYS),
    "supervisor": Route(Ability.RUN_SURVEYS, WRITE, "body"),
    "supervised": Route(Ability.READ_SUPERVISED, args=(2017,)),
    "home": Route(Ability.USE),
    "dashboard": Route(Ability.READ_LEDGER),
    "dashboard-part": Route(Ability.READ_LEDGER, args=("trend",)),
    "surveys": Route(Ability.READ_LEDGER),
    "survey": Route(Ability.READ_LEDGER, args=(2017,)),
    "survey-table": Route(Ability.READ_LEDGER, args=(2017, "administrative-organs")),
    "survey-contracts": Route(Ability.READ_LEDGER, args=(2017, "personal")),
    "reconciliation": Route(Ability.READ_LEDGER, args=(2017,)),
    "contradictions": Route(Ability.READ_LEDGER, args=(2017,)),
    "exports": Route(Ability.EXPORT, args=(2017,)),
    "download": Route(Ability.EXPORT, WRITE, args=(2017, "tables.xlsx")),
    "draft-new": Route(Ability.WRITE_LEDGER, WRITE),
    "draft": Route(Ability.WRITE_LEDGER, WRITE, "draft"),
    "draft-discard": Route(Ability.WRITE_LEDGER, WRITE, "draft"),
    "contracts": Route(Ability.READ_LEDGER),
    "contract": Route(Ability.READ_LEDGER, args="contract"),
    "contract-history": Route(Ability.READ_HISTORY, args="contract"),
    "contract-timeline": Route(Ability.READ_LEDGER, args="contract"),
    "contract-paper": Route(Ability.READ_LEDGER, args="contract"),
    "structure-paper": Route(Ability.READ_LEDGER, args="contract"),
    "inspection-plan-paper": Route(Ability.READ_LEDGER, args=(2017,)),
    "inspection-paper": Route(Ability.READ_LEDGER, args="inspection"),
    "implausible": Route(Ability.READ_LEDGER),
    "contractors": Route(Ability.READ_LEDGER),
    "contractor-suggest": Route(Ability.READ_LEDGER),
    "contractor-new": Route(Ability.ADD_CONTRACTORS, WRITE),
    "contractor": Route(Ability.READ_LEDGER, args="contractor"),
    "contractor-correct": Route(Ability.ADD_CONTRACTORS, WRITE, "contractor"),
    "contractor-dissolve": Route(Ability.WRITE_HOLDINGS, WRITE, "contractor"),
    "holdings": Route(Ability.READ_LEDGER),
    "holding-new": Route(Ability.WRITE_HOLDINGS, WRITE),
    "holding-correct": Route(Ability.WRITE_HOLDINGS, WRITE, "holding"),
    "holding-end": Route(Ability.WRITE_HOLDINGS, WRITE, "holding"),
    "holding-void": Route(Ability.WRITE_HOLDINGS, WRITE, "holding"),
    "agencies": Route(Ability.RUN_SURVEYS),
    "agency-new": Route(Ability.RUN_SURVEYS, WRITE),
    "agency-rename": Route(Ability.RUN_SURVEYS, WRITE, "agency"),
    "agency-abolish": Route(Ability.RUN_SURVEYS, WRITE, "agency"),
    "disclosures": Route(Ability.READ_LEDGER),
    "disclosure": Route(Ability.READ_LEDGER, args="disclosure"),
    "inspections": Route(Ability.READ_LEDGER),
    "inspection-new": Route(Ability.WRITE_LEDGER, WRITE),
    "inspection": Route(Ability.READ_LEDGER, args="inspection"),
    "inspection-correct": Route(Ability.WRITE_LEDGER, WRITE, "inspection"),
    "inspection-void": Route(Ability.WRITE_LEDGER, WRITE, "inspection"),
    "inspection-target": Route(Ability.WRITE_LEDGER, WRITE, "target"),
    "inspection-target-clear": Route(Ability.WRITE_LEDGER, WRITE, "target"),
    "inspection-target-void": Route(Ability.WRITE_LEDGER, WRITE, "target"),
    "inspection-evidence-new": Route(Ability.WRITE_LEDGER, WRITE, "inspection"),
    "inspection-evidence": Route(Ability.READ_LEDGER, WRITE, "evidence"),
    "inspection-evidence-void": Route(Ability.WRITE_LEDGER, WRITE, "evidence"),
    "corrections": Route(Ability.READ_LEDGER),
    "correction-new": Route(Ability.WRITE_LEDGER, WRITE),
    "correction": Route(Ability.READ_LEDGER, args="correction"),
    "correction-correct": Route(Ability.WRITE_LEDGER, WRITE, "correction"),
    "correction-close": Route(Ability.WRITE_LEDGER, WRITE, "correction"),
    "correction-reopen": Route(Ability.WRITE_LEDGER, WRITE, "correction"),
    "correction-void": Route(Ability.WRITE_LEDGER, WRITE, "correction"),
    "correction-evidence-new": Route(Ability.WRITE_LEDGER, WRITE, "correction"),
    "correction-evidence": Route(Ability.READ_LEDGER, WRITE, "correction-evidence"),
    "correction-evidence-void": Route(Ability.WRITE_LEDGER, WRITE, "correction-evidence"),
    "inspection-plans": Route(Ability.READ_LEDGER),
    "inspection-plan-new": Route(Ability.WRITE_LEDGER, WRITE),
    "inspection-plan": Route(Ability.WRITE_LEDGER, WRITE, "plan"),
    "inspection-plan-void": Route(Ability.WRITE_LEDGER, WRITE, "plan"),
    "inspection-calendar": Route(Ability.READ_LEDGER),
    "inspection-calendar-file": Route(Ability.EXPORT, WRITE),
    "exchange": Route(Ability.EXPORT),
    "exchange-template": Route(Ability.EXPORT, WRITE, "agency"),
    "exchange-ledger": Route(Ability.EXPORT, WRITE, ("ledger.xlsx",)),
    "exchange-survey": Route(Ability.EXPORT, WRITE, (2017, "ledger.xlsx")),
    "contracts-export": Route(Ability.EXPORT, WRITE),
    "bundle-new": Route(Ability.RUN_SURVEYS, ("POST",)),
    "bundle": Route(Ability.RUN_SURVEYS, args="bundle"),
    "bundle-file": Route(Ability.RUN_SURVEYS, WRITE, "bundle"),
    "imports": Route(Ability.IMPORT, WRITE),
    "import-now": Route(Ability.USE),
    "import": Route(Ability.IMPORT, args="import"),
    "import-marked": Route(Ability.IMPORT, WRITE, "import"),
    "import-columns": Route(Ability.IMPORT, WRITE, "import-sheet"),
    "import-release": Route(Ability.RELEASE_IMPORT, ("POST",), "import"),
    "import-withdraw": Route(Ability.IMPORT, ("POST",), "import"),
    "import-again": Route(Ability.IMPORT, ("POST",), "import"),
    "work": Route(Ability.WRITE_LEDGER),
    "work-approvals": Route(Ability.WRITE_LEDGER),
    "work-contracts": Route(Ability.WRITE_LEDGER),
    "work-drafts": Route(Ability.WRITE_LEDGER),
    "approvals-bulk": Route(Ability.WRITE_LEDGER, WRITE),
    "renewals": Route(Ability.WRITE_LEDGER, WRITE),
    "contract-renew": Route(Ability.WRITE_LEDGER, ("POST",), "contract"),
    "guideline": Route(Ability.READ_LEDGER),
    "guideline-compare": Route(Ability.READ_LEDGER),
    "guideline-rules": Route(Ability.READ_LEDGER),
    "guideline-safety": Route(Ability.USE),
    "guideline-edition": Route(Ability.READ_LEDGER, args=("2018-10-22",)),
    "guideline-provision": Route(Ability.READ_LEDGER, args=("2018-10-22", "8-5")),
    "finding-proof": Route(Ability.READ_LEDGER, args="finding"),
    "findings": Route(Ability.READ_LEDGER),
    "findings-export": Route(Ability.EXPORT, WRITE),
    "violation-reports": Route(Ability.READ_LEDGER),
    "violation-report": Route(Ability.READ_LEDGER, args="agency"),
    "violation-workbook": Route(Ability.EXPORT, WRITE, "agency"),
    "finding-facets": Route(Ability.READ_LEDGER),
    "finding-changes": Route(Ability.READ_LEDGER),
    "crosstab": Route(Ability.READ_LEDGER),
    "crosstab-contracts": Route(Ability.READ_LEDGER),
    "crosstab-export": Route(Ability.EXPORT, WRITE, args=("csv",)),
    "reports": Route(Ability.READ_LEDGER),
    "report-new": Route(Ability.READ_LEDGER, WRITE),
    "report": Route(Ability.READ_LEDGER, args="report"),
    "report-edit": Route(Ability.READ_LEDGER, WRITE, "report"),
    "report-conditions": Route(Ability.READ_LEDGER, WRITE, "report"),
    "report-recount": Route(Ability.READ_LEDGER, ("POST",), "report"),
    "report-void": Route(Ability.READ_LEDGER, WRITE, "report"),
    "comparing": Route(Ability.READ_LEDGER),
    "comparing-parts": Route(Ability.READ_LEDGER),
    "comparing-editions": Route(Ability.READ_LEDGER),
    "advisories": Route(Ability.READ_LEDGER),
    "advisory-new": Route(Ability.ADVISE, WRITE),
    "advisory": Route(Ability.READ_LEDGER, args="advisory"),
    "advisory-read": Route(Ability.READ_LEDGER, ("POST",), "advisory"),
    "advisory-void": Route(Ability.ADVISE, WRITE, "advisory"),
}


def patterns(resolver=None) -> Iterator[URLPattern]:
    """Every address the application answers to."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from patterns(entry)


def address(name: str, objects: dict[str, tuple]) -> str:
    """Of a route, or of the object it names: ``objects`` has the arguments for each."""
    args = ROUTES[name].args
    return reverse(name, args=objects[args] if isinstance(args, str) else args)
