"""Cross tables against a plain count of Python over a random ledger, cell by cell."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, permutations
from random import Random
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.http import QueryDict

from accounts.access import access_of
from accounts.models import Role
from audit import crosstab_page
from audit.crosstab import AXES, Asked, holds_real, places
from audit.crosstab_counting import Table, tabulate
from audit.crosstab_filters import CrosstabContractFilter
from guideline.models import Finding
from outsourcing.abilities import Ability
from outsourcing.actions import contracts
from outsourcing.models import Clause, Contract
from tests import factories as make
from tests import ledgers

pytestmark = pytest.mark.django_db

ON = date(2018, 9, 30)
PAIRS = list(permutations(AXES, 2))
WORKS = [Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.DATA_ENTRY, Contract.Work.MAILING]


def random_ledger(seed: int) -> ledgers.Ledger:
    """Contracts of all sorts of terms, chains and clauses, one voided, one that has no day left."""
    random, made = Random(seed), ledgers.three_agencies()
    company = make.contractor()
    companies = [make.contractor(), make.subsidiary(of=company), make.contractor()]
    make.holding(holder=company, held=companies[2], share=60)
    for _ in range(26):
        after = random.choice([0, 364, 365, random.randint(0, 1800)])
        first = date(2014, 4, 1) + timedelta(days=after)
        row = make.contract(
            agency=random.choice(made.agencies),
            contractor=company,
            work=random.choice(WORKS),
            information=random.choice(Contract.Information.values),
            clause=random.choice(Clause.values),
            first_day=first,
            last_day=first + timedelta(days=random.choice([1, 60, 364, 365, 800])),
            concluded_on=first - timedelta(days=random.choice([0, 40])),
        )
        parent = None
        for _ in range(random.randint(0, 3)):
            parent = make.link(
                contract=row,
                parent=random.choice([None, parent]),
                contractor=random.choice(companies),
            )
            if random.random() < 0.4:
                make.approval(link=parent)
    rows = list(Contract.objects.order_by("pk"))
    contracts.void_contract(rows[0], by=make.recorder(), on=ON, reason="誤って登録した")
    last = max(rows, key=lambda row: row.first_day)
    contracts.terminate(
        last, by=make.recorder(), on=last.first_day - timedelta(days=1), reason="取りやめ"
    )
    return made


def fiscal_years(first: date, last: date) -> set[str]:
    """Every year that has a day from first to last, found day by day at its ends."""
    return {
        str(year)
        for year in range(first.year - 1, min(last.year, 2100) + 1)
        if first <= date(year + 1, 3, 31) and last >= date(year, 4, 1)
    }


class Facts(NamedTuple):
    """All there is to know of a contract here."""

    contract: Contract
    depth: int
    findings: list[Finding]


def facts_of(agencies) -> list[Facts]:
    """Of the contracts that have a day and are not voided."""
    return [
        Facts(
            row,
            max((2 if link.parent_id else 1 for link in row.subcontracts.all()), default=0),
            list(row.findings.all()),
        )
        for row in Contract.objects.filter(agency__in=agencies).select_related("agency")
        if row.voided_on is None and row.last_day >= row.first_day
    ]


def what(fact: Facts, of: str, axes: tuple[str, str], group: dict) -> set[tuple]:
    """The cells in which a contract stands, from the facts alone."""
    contract, agency = fact.contract, fact.contract.agency
    fixed = {
        "agency": agency.code,
        "kind": agency.kind,
        "group": group[agency.code],
        "work": contract.work,
    }
    years = fiscal_years(contract.first_day, contract.last_day)
    if not of and not {"rule", "relation"} & set(axes):
        plain = fixed | {"depth": str(fact.depth)}
        return {
            (r, c)
            for year in years
            for of_all in [plain | {"year": year}]
            for r, c in [(of_all[axes[0]], of_all[axes[1]])]
        }
    cells = set()
    for finding in fact.findings:
        if finding.since > ON or of not in ("", "any", finding.severity):
            continue
        last = (finding.until or date(2101, 1, 1)) - timedelta(days=1)
        of_finding = fixed | {
            "rule": finding.rule,
            "depth": str(min(finding.depth, 2)),
            "relation": finding.relation or "contract",
        }
        if "year" not in axes:
            cells.add((of_finding[axes[0]], of_finding[axes[1]]))
        for year in years & fiscal_years(finding.since, last):
            of_year = of_finding | {"year": year}
            cells.add((of_year[axes[0]], of_year[axes[1]]))
    return cells


def counted(facts: list[Facts], of: str, axes, group) -> tuple[dict, dict, dict, set]:
    """Keys of contracts by cell, by row, by column, and all."""
    cells, rows, columns, every = {}, {}, {}, set()
    for fact in facts:
        key = fact.contract.pk
        for row, column in what(fact, of, axes, group):
            cells.setdefault((row, column), set()).add(key)
            rows.setdefault(row, set()).add(key)
            columns.setdefault(column, set()).add(key)
            every.add(key)
    return cells, rows, columns, every


def shown(table: Table) -> tuple[dict, dict, dict]:
    """What a table says: cells, rows, columns; without zeros."""
    rows, columns = ([*members] for members in (table.rows, table.columns))
    number = crosstab_page.number_of
    return (
        {(r.code, c.code): n for r in rows for c in columns if (n := number(table, r, c))},
        {row.code: n for row in rows if (n := number(table, row, None))},
        {column.code: n for column in columns if (n := number(table, None, column))},
    )


def lengths(sets: dict) -> dict:
    return {key: len(contracts) for key, contracts in sets.items()}


def asked_as(user, **more) -> Asked:
    scope = access_of(user, on=ON).scope(Ability.READ_LEDGER)
    return Asked(scope, not holds_real(scope), ON, places(scope), **more)


def behind(user, address: str) -> set[int]:
    """The keys of the contracts in the list at an address, without the page around it."""
    access = access_of(user, on=ON)
    scope = access.scope(Ability.READ_LEDGER)
    request = SimpleNamespace(access=access, scope=scope)
    rows = Contract.objects.visible_to(scope)
    query = QueryDict(address.partition("?")[2])
    listed = CrosstabContractFilter(query, queryset=rows, request=request, on=ON, scope=scope)
    assert listed.is_valid(), listed.form.errors
    return set(listed.qs.values_list("pk", flat=True))


@pytest.fixture(scope="module")
def groups() -> dict[str, str]:
    return {"A01": "organ", "A02": "organ", "B001": "試験の法人"}


@pytest.mark.parametrize("of", ["", "any", "breach", "violation", "attention"])
@pytest.mark.parametrize("role", [Role.SURVEY_OFFICE, Role.AUDITOR])
def test_every_cell_and_total_is_what_one_counts_contract_by_contract(role, of, groups):
    made = random_ledger(seed=len(of))
    facts = facts_of(made.agencies if role == Role.SURVEY_OFFICE else [made.own])
    user = make.user(role=role, agency=made.own)
    for axes in PAIRS:
        cells, rows, columns, every = counted(facts, of, axes, groups)
        table = tabulate(asked_as(user, of=of), *axes)
        assert shown(table) == (lengths(cells), lengths(rows), lengths(columns)), axes
        assert table.total == len(every), axes


@pytest.mark.parametrize(
    ("role", "of"),
    [(Role.SURVEY_OFFICE, ""), (Role.SURVEY_OFFICE, "any"), (Role.AUDITOR, "violation")],
)
def test_behind_every_number_are_the_contracts_it_counts(role, of, groups):
    made = random_ledger(seed=7)
    facts = facts_of(made.agencies if role == Role.SURVEY_OFFICE else [made.own])
    user = make.user(role=role, agency=made.own)
    for axes in combinations(AXES, 2):
        cells, rows, columns, every = counted(facts, of, axes, groups)
        table = tabulate(asked_as(user, of=of), *axes)
        by_code = [{m.code: m for m in members} for members in (table.rows, table.columns)]
        expected = {(by_code[0][r], by_code[1][c]): keys for (r, c), keys in cells.items()}
        expected |= {(by_code[0][row], None): keys for row, keys in rows.items()}
        expected |= {(None, by_code[1][column]): keys for column, keys in columns.items()}
        expected |= {(None, None): every}
        for (row, column), keys in expected.items():
            address = crosstab_page.address_of(table, row, column)
            assert behind(user, address) == keys, address
