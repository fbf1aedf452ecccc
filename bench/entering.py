"""How fast a contract is entered: looked at before it is saved, and saved with a chain of six."""

from __future__ import annotations

import gc
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.measuring import Measure, side_by_side
from bench.people import client_of, officer_of
from outsourcing.contractor_fields import as_typed
from outsourcing.models import Agency, Contractor, Draft

LINKS = 6
ROUNDS = 25


def entering():
    client = client_of(officer_of(Agency.objects.get(code="A25")))
    typed = _typed()
    draft = _new_draft(client)

    def send(address, **more):
        body = urlencode(typed | more, doseq=True)
        return client.post(address, body, content_type="application/x-www-form-urlencoded")

    def check():
        assert send(draft, check=1, fragment=1).status_code == 200

    def keep():
        version = Draft.objects.values_list("version", flat=True).get(pk=_key(draft))
        assert send(draft, act="keep", fragment=1, version=version).status_code == 200

    # One draft a round, since each is registered once; the first is for warming up.
    waiting = [_new_draft(client) for _ in range(ROUNDS + 1)]

    def save():
        assert send(waiting.pop(), act="register", version=1).status_code == 302

    # A server's process has not just made a ledger: what that left is not to be looked through.
    gc.collect()
    gc.freeze()
    took = side_by_side({"check": check, "keep": keep, "save": save}, rounds=ROUNDS)
    gc.unfreeze()
    note = f"a chain of {LINKS} links, each approved, two inspections; from request to last byte"
    yield Measure("check of an unsaved contract", took["check"] * 1000, "ms", 30, note=note)
    yield Measure("a contract saved", took["save"] * 1000, "ms", 40, note=f"{note}; trail included")
    yield Measure("a draft kept as typed", took["keep"] * 1000, "ms")
    with CaptureQueriesContext(connection) as queries:
        check()
    yield Measure("check of an unsaved contract, queries", len(queries), "queries")


def _new_draft(client) -> str:
    return client.post(reverse("draft-new"), {"once": uuid4()}).headers["Location"]


def _key(address: str) -> int:
    return Draft.objects.get(public_id=address.rstrip("/").rpartition("/")[2]).pk


def _typed() -> dict:
    prime, *givers = map(
        as_typed, Contractor.objects.filter(corporate_number__isnull=False)[: LINKS + 1]
    )
    typed = {
        "title": "職員の健康診断", "number": "契約第12号", "contractor": prime,
        "concluded_on": "H29.4.1", "first_day": "H29.4.1", "last_day": "H30.3.31",
        "work": "staff_health_check", "information": "personal", "sensitivity": "high",
        "clause": "prior_approval", "clause_article": "第8条", "decided_on": "H29.4.1",
        "needed": "no", "checked_on": "H29.3.20", "confirmations-0-confirmed_on": "H29.4.1",
        "confirmations-0-matters": ["responsible_person", "management", "inspection"],
    }  # fmt: skip
    typed |= {f"items-8-4({number})-article": f"第{number + 4}条" for number in (1, 3, 4, 5, 6)}
    for row, giver in enumerate(givers):
        values = {
            "row": "1", "under": str(row - 1) if row else "", "contractor": giver,
            "work": "core", "declared_relation": "unknown", "handles_information": "on",
            "approval_result": "approved", "approval_decided_on": "H29.4.1",
            "flow_down": ["capability", "8-4(1)"], "flow_down_on": "H29.4.1",
        }  # fmt: skip
        typed |= {f"links-{row}-{name}": value for name, value in values.items()}
    for row, targets in enumerate((["contract"], ["0", "5"])):
        values = {
            "row": "1", "day": "H29.10.2", "method": "on_site", "targets": targets,
            "scopes": ["handling", "management", "work"], "result": "good",
        }  # fmt: skip
        typed |= {f"visits-{row}-{name}": value for name, value in values.items()}
    return typed
