"""Findings as they leave: rows with all there is to say of each, in the order of a list.

Read in slices by key, so that no reading lasts: SQLite goes on with its writers, and memory does
not grow with the list.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from django.db.models import QuerySet

from audit.conditions import overdue_among
from audit.filters import STATES
from audit.tables import state_on
from guideline.models import Finding, Severity
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.models import Relation, Subcontract
from surveys.workbook_data import REAL, SYNTHETIC

SLICE = 1000
STATE_WORDS = dict(STATES)

# Column of a sheet → its width.
COLUMNS = {
    "契約・提供コード": 20,
    "機関コード": 11,
    "機関名": 24,
    "課室": 20,
    "契約件名・提供先": 44,
    "委託先": 30,
    "法人番号": 16,
    "対象": 14,
    "再委託先": 30,
    "段階": 7,
    "委託先との関係": 16,
    "規則": 36,
    "条項": 12,
    "区分": 20,
    "いつから": 12,
    "いつまで": 12,
    "日数": 8,
    "理由書": 8,
    "是正の状態": 20,
    "是正の着手日": 13,
    "是正の完了日": 13,
    "適用した版": 12,
    "データの種類": 14,
}
DAYS = {"いつから", "いつまで", "是正の着手日", "是正の完了日", "適用した版"}
NUMBERS = {"段階", "日数"}
NOTES = (
    ("契約・提供コード", "提供コード（-T）は、保有個人情報の提供についての所見です。"),
    ("段階", "0は委託（契約そのもの）、1は再委託、2は再々委託、3からはその先です。"),
    ("いつまで", "該当した最後の日です。空欄は、終わりが決まっていないものです。"),
    ("日数", "いつからの日から、いつまでの日か基準日の早い方までの日数です。"),
    ("是正の状態", "基準日における状態です。着手日と完了日は、基準日までに来たものを示します。"),
)

_READ = (
    *("pk", "contract_id", "disclosure_id", "agency__code", "agency__name"),
    *("contract__fiscal_year", "contract__serial", "contract__section__name", "contract__title"),
    *("contract__contractor_id", "contract__contractor__name"),
    *("contract__contractor__corporate_number", "contract__synthetic"),
    *("disclosure__fiscal_year", "disclosure__serial", "disclosure__section__name"),
    *("disclosure__recipient", "disclosure__synthetic"),
    *("rule", "subject", "severity", "since", "until", "excused", "provision", "depth"),
    *("relation", "acted_on", "settled_on", "edition"),
)


class Row(NamedTuple):
    """A finding with what it is about, as of a day."""

    pk: int
    contract: int | None
    disclosure: int | None
    code: str
    agency_code: str
    agency: str
    section: str
    title: str
    contractor_key: int | None
    contractor: str
    number: str | None
    synthetic: bool
    rule: str
    subject: str
    link_contractor_key: int | None
    link_contractor: str
    severity: str
    since: date
    until: date | None
    excused: bool
    provision: str
    depth: int
    relation: str
    state: str
    acted_on: date | None
    settled_on: date | None
    edition: date | None

    @property
    def last_day(self) -> date | None:
        """The last day on which it fails."""
        return self.until and self.until - timedelta(days=1)

    def days(self, on: date) -> int:
        """How many of its days have come by the day ``on``."""
        last = on if self.until is None else min(on, self.last_day)
        return max((last - self.since).days + 1, 0)

    @property
    def subject_in_words(self) -> str:
        return subject_in_words(self.subject)

    @property
    def relation_in_words(self) -> str:
        return Relation(self.relation).label if self.relation else ""


def keys_of(findings: QuerySet) -> array:
    """The keys of findings in their order: eight bytes each, and what is then taken out."""
    return array("q", findings.values_list("pk", flat=True).iterator(chunk_size=20_000))


def slices(rows: Iterable) -> Iterator[tuple]:
    """In the order they come, SLICE at a time."""
    rows = iter(rows)
    while some := tuple(islice(rows, SLICE)):
        yield some


def rows_of(keys: Iterable[int], on: date) -> Iterator[Row]:
    """The findings of these keys in this order; three queries a slice. One that has been unmade in
    between is left out."""
    for some in slices(keys):
        found = {row[0]: row for row in Finding.objects.filter(pk__in=some).values_list(*_READ)}
        rows = [found[pk] for pk in some if pk in found]
        links = _links(row[1] for row in rows if row[19].startswith("link:"))
        late = _overdue(rows, on)
        for row in rows:
            yield _row(row, links, late, on)


def _row(read: tuple, links: dict, late: frozenset, on: date) -> Row:
    pk, contract, disclosure, agency_code, agency, year, serial, section, title = read[:9]
    company, name, number, synthetic = read[9:13]
    rule, subject, severity, since, until, excused, provision, depth = read[18:26]
    relation, acted, settled, edition = read[26:]
    code = f"{agency_code}-{year}-{serial:05d}" if contract else ""
    if not contract:
        year, serial, section, title, synthetic = read[13:18]
        code = f"{agency_code}-{year}-T{serial:05d}"
    to_prime, to_name = links.get((contract, subject), (None, ""))
    state = state_on(
        {"excused": excused, "rule": rule, "acted_on": acted, "settled_on": settled},
        on,
        overdue=pk in late,
    )
    return Row(
        pk, contract, disclosure, code, agency_code, agency, section or "", title,
        company, name or "", number, synthetic, rule, subject, to_prime, to_name,
        severity, since, until, excused, provision, depth, relation,
        state, acted if acted <= on else None, settled if state == "settled" else None,
        edition,
    )  # fmt: skip


def _links(contracts: Iterable[int]) -> dict[tuple[int, str], tuple[int, str]]:
    """(contract, subject) → who the work was passed on to."""
    links = Subcontract.objects.valid().filter(contract_id__in=sorted(set(contracts))).order_by()
    rows = links.values_list("contract_id", "number", "contractor_id", "contractor__name")
    return {(contract, f"link:{n}"): (key, name or "") for contract, n, key, name in rows}


def _overdue(rows: list[tuple], on: date) -> frozenset[int]:
    """The keys of those of which an action is."""
    read = (dict(zip(_READ, row, strict=True)) for row in rows)
    return overdue_among([row | {"ends": row["until"] or date.max} for row in read], on)


def cells(row: Row, on: date) -> tuple:
    """A row under ``COLUMNS``: text, numbers, days; None where there is nothing to say."""
    return (
        row.code,
        row.agency_code,
        row.agency,
        row.section or None,
        row.title,
        row.contractor or None,
        row.number or None,
        row.subject_in_words,
        row.link_contractor or None,
        row.depth,
        row.relation_in_words or None,
        BY_CODE[row.rule].title,
        f"第{row.provision}" if row.provision else None,
        Severity(row.severity).label,
        row.since,
        row.last_day,
        row.days(on),
        "あり" if row.excused else "なし",
        STATE_WORDS[row.state],
        row.acted_on,
        row.settled_on,
        row.edition,
        SYNTHETIC if row.synthetic else REAL,
    )
