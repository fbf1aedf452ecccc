"""What an agency is shown is byte for byte the same, whether or not another has contracts.

Random ledgers of one agency, once alone and once among the contracts of two others, written in
turns, so that every key differs.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO
from random import Random

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Role
from outsourcing.actions import contracts
from outsourcing.models import Agency, Clause, Contract, Contractor
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, downloads, pages_of_ledger, pages_of_round, text

pytestmark = pytest.mark.django_db

# Two for each reader every day; all fifty with `make prove`.
LEDGERS = [seed if seed < 10 else pytest.param(seed, marks=pytest.mark.prove) for seed in range(50)]
READERS = (Role.OFFICER, Role.CHIEF, Role.MANAGER, Role.AUDITOR, Role.IMPORTER)
# What another agency has, asked for by name.
ASKED = (
    "/contracts/?agency=A02",
    "/contracts/?q=みどり",
    "/contracts/?q=A02-2017-00001",
    "/contracts/A02-2017-00001/",
    "/findings/?agency=A02",
    "/contractors/?q=みどり",
    "/contractors/suggest/?q=みどり",
    "/contractors/suggest/?q=委託先",
    "/contractors/new/?fragment=1&name=みどり庁の委託先",
    "/disclosures/A02-2017-T00001/",
    "/people/?agency=A02",
    "/people/?q=A02",
    "/person/A02-officer/",
    "/person/A02-officer/role/",
    "/handover/A01/?of=A02-officer&to=A02-officer&on=2017-12-01",
    "/handover/A02/",
    "/sections/A02/",
    "/sections/A02/of/222/",
    "/agencies/A01/violations/?year=2017&names=letters&as_of=2018-03-31",
    "/agencies/A02/violations/",
    "/findings/export/?format=csv&as_of=2018-03-31",
    "/findings/export/?format=csv&agency=A02",
)
MANAGED = ("/manage/", "/people/", "/roles/", "/handover/A01/", "/sections/A01/")
PAGES_OF_CONTRACT = ("contract", "contract-history")
# When this test wrote the row.
MINUTE = re.compile(r"20\d\d-\d\d-\d\d[ T]\d\d:\d\d[^\"<]*|20\d\d年\d+月\d+日 \d+:\d\d")
# What a row is called by, which nothing decides but chance.
CHANCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|［[0-9a-f]{12}］")
# All tables as a workbook, and one of each kind as text.
FILES = [address for address in downloads() if address.endswith(("tables.xlsx", "agencies.csv"))]


@pytest.mark.parametrize("seed", LEDGERS)
def test_an_agency_is_shown_the_same_whatever_others_have(seed, contract_rules):
    with undone():
        alone = shown_of_a_ledger(seed, others=False)
    with undone():
        among = shown_of_a_ledger(seed, others=True)
    assert {address for address in alone if among[address] != alone[address]} == set()


@contextmanager
def undone():
    """What is written within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def shown_of_a_ledger(seed: int, *, others: bool) -> dict[str, object]:
    made = ledgers.three_agencies()
    user = make.user(role=READERS[seed % len(READERS)], agency=made.own, name="reader")
    if others:
        for agency in (made.other, made.independent):
            there = make.user(role=Role.OFFICER, agency=agency, name=f"{agency.code}-officer")
            make.proposal(agency=agency, user=there, role=Role.MANAGER)
            make.section(agency=agency, code="222")
    own, foreign = Random(seed), Random(seed + 1000)
    codes = []
    for _ in range(own.randint(1, 5)):
        for agency in (made.other, made.independent) if others else ():
            for _ in range(foreign.randint(0, 2)):
                write(foreign, made, agency)
        codes.append(write(own, made, made.own))
    return shown(user, codes)


def write(random: Random, made: ledgers.Ledger, agency: Agency) -> str:
    """One contract with a little of everything; its code."""
    first = date(2016, 10, 1) + timedelta(days=random.randrange(400))
    number = random.randrange(10**9)
    company = known_to(agency, f"{agency.name}の委託先{number}")
    contract = make.contract(
        agency=agency,
        contractor=company,
        title=f"{agency.name}の業務{number}",
        number=f"第{number}号",
        first_day=first,
        last_day=first + timedelta(days=random.randrange(30, 700)),
        clause=random.choice(Clause.values),
        work=random.choice(Contract.Work.values),
        information=random.choice(Contract.Information.values),
        synthetic=random.random() < 0.3,
    )
    parent = None
    for _ in range(random.randrange(3)):
        day = first + timedelta(days=random.randrange(-5, 25))
        partner = known_to(agency, f"{agency.name}の再委託先{random.randrange(10**9)}")
        parent = make.link(contract=contract, parent=parent, contractor=partner, first_day=day)
        if random.random() < 0.5:
            make.approval(link=parent, decided_on=day + timedelta(days=random.randrange(60)))
    if random.random() < 0.5:
        make.inspection(contract=contract, link=parent)
    if random.random() < 0.3:
        make.fault(contract=contract)
    if random.random() < 0.2:
        on = first + timedelta(days=10)
        contracts.terminate(contract, by=make.recorder(), on=on, reason="業務の中止")
    if not contract.synthetic and random.random() < 0.6:
        result = random.choice(("no_breach", "breach", "unverifiable"))
        make.confirmation(round_=made.round, contract=contract, result=result)
    make.disclosure(agency=agency, recipient=f"{agency.name}の提供先{number}")
    return contract.code


def known_to(agency: Agency, name: str) -> Contractor:
    """A contractor without a number, whom that agency alone knows; and one that it holds."""
    made = make.contractor(name=name, no_number_reason="unknown", agency=agency)
    child = make.contractor(name=f"{name}の子", no_number_reason="unknown", agency=agency)
    make.holding(holder=made, held=child)
    return made


def shown(user, codes: list[str]) -> dict[str, object]:
    """Every page and file the reader can open."""
    client = client_of(user)
    addresses = [*pages_of_round(), *pages_of_ledger(), *MANAGED, *ASKED]
    addresses += [reverse(page, args=[code]) for code in codes for page in PAGES_OF_CONTRACT]
    found: dict[str, object] = {}
    for address in addresses:
        response = client.get(address)
        found[address] = response.status_code, plain(response)
    for row in Contract.objects.filter(agency__code="A01").select_related("contractor"):
        page = client.get(reverse("contractor", args=[row.contractor.public_id]))
        found[f"contractor of {row.code}"] = page.status_code, plain(page)
    for address in FILES:
        found[address] = content(client.get(address).content)
    return found


def plain(response) -> str:
    return CHANCE.sub("", MINUTE.sub("", text(response)))


def content(file: bytes) -> object:
    """A workbook holds the moment it was made, in its properties; all else is compared."""
    if not file.startswith(b"PK"):
        return file
    with zipfile.ZipFile(BytesIO(file)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if "docProps" not in name}
