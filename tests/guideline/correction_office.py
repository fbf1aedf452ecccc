"""An officer who records what is done about findings."""

from __future__ import annotations

import re

from guideline.correction_targets import target_code
from guideline.models import CorrectiveAction, Finding
from tests import factories as make
from tests.pages import client_of

NEW = "/corrections/new/"
BREACH = "unapproved-subcontract"
PDF = b"%PDF-1.7\n"
ONCE = re.compile(r'name="once" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="([^"]+)"')


def finding_of(contract, rule=BREACH) -> Finding:
    return contract.findings.get(rule=rule)


def code_of(finding: Finding) -> str:
    return target_code((finding.contract or finding.disclosure).code, finding)


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01", name="あおぞら省")
        self.officer = make.officer(self.agency)
        self.client = client_of(self.officer)
        self.contract = self.breaching(title="健康診断")
        self.finding = finding_of(self.contract)
        self.code = code_of(self.finding)

    def breaching(self, **fields):
        contract = make.contract(agency=self.agency, **fields)
        make.link(contract=contract)
        return contract

    def sent(self, *codes: str, **typed) -> dict:
        """What the page sends for these findings, as an officer fills it in."""
        codes = codes or (self.code,)
        page = self.client.get(NEW, {"findings": list(codes)})
        assert page.status_code == 200
        return {
            "once": ONCE.search(page.content.decode())[1],
            "findings": list(codes),
            "measure": "guidance",
            "description": "文書で指導した",
            "started_on": "平成30年6月1日",
            "due_on": "H30.8.31",
        } | typed

    def post(self, data: dict):
        return self.client.post(NEW, data)

    def action(self, **fields) -> CorrectiveAction:
        return make.corrective_action(finding=self.finding, by=self.officer, **fields)

    def change(self, row, what: str, **typed):
        """Open a page of a measure and send what is typed there."""
        address = f"/corrections/{row.public_id}/{what}/"
        page = self.client.get(address).content.decode()
        return self.client.post(address, {"version": VERSION.search(page)[1]} | typed)
