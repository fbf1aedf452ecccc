"""An officer who types a contract."""

from __future__ import annotations

import re

from django.urls import reverse

from accounts.models import Role
from outsourcing.actions import drafts
from outsourcing.contractor_fields import as_typed
from outsourcing.models import Contract
from tests import factories as make
from tests.pages import client_of, text

TAGS = re.compile(r"<[^>]+>")


class Desk:
    """An officer of an agency with a draft, and what has been typed on its page so far."""

    def __init__(self, **role):
        self.agency = make.agency(code="A01", name="あおぞら省")
        self.officer = make.user(role=Role.OFFICER, agency=self.agency, **role)
        self.client = client_of(self.officer)
        self.draft = drafts.start(by=self.officer, agency=self.agency)
        self.prime, self.first, self.second = (make.contractor() for _ in range(3))
        self.typed = {
            "title": "職員の健康診断",
            "contractor": as_typed(self.prime),
            "concluded_on": "H29.4.1",
            "first_day": "平成29年4月1日",
            "last_day": "２０１８／３／３１",
            "work": "staff_health_check",
            "information": "personal",
            "sensitivity": "high",
            "clause": "prior_approval",
        }

    @property
    def address(self) -> str:
        return reverse("draft", args=[self.draft.public_id])

    def link(self, row: int, contractor, **fields) -> None:
        row = f"links-{row}"
        values = {
            "row": "1", "contractor": as_typed(contractor), "work": "core", "under": "",
            "handles_information": "on", "declared_relation": "unknown",
        }  # fmt: skip
        self.typed |= {f"{row}-{name}": value for name, value in (values | fields).items()}

    def visit(self, row: int, **fields) -> None:
        values = {
            "row": "1", "day": "2017-10-01", "method": "on_site", "targets": ["contract"],
            "scopes": ["handling", "management", "work"], "result": "good",
        }  # fmt: skip
        self.typed |= {f"visits-{row}-{name}": value for name, value in (values | fields).items()}

    def send(self, act: str = "keep", **more):
        self.draft.refresh_from_db()
        sent = {"version": self.draft.version, "act": act} | self.typed | more
        return self.client.post(self.address, sent)

    def check(self, **more) -> str:
        response = self.client.post(
            self.address, self.typed | {"check": "1", "fragment": "1"} | more
        )
        assert response.status_code == 200
        return " ".join(TAGS.sub(" ", response.content.decode()).split())

    def register(self) -> Contract:
        response = self.send("register")
        assert response.status_code == 302, TAGS.sub("", text(response))
        self.draft.refresh_from_db()
        assert response.headers["Location"] == reverse("contract", args=[self.draft.contract.code])
        return self.draft.contract
