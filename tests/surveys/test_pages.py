"""The pages of a round: what each number says and leads to, and what no reader gets to see."""

from __future__ import annotations

import re
from io import BytesIO
from operator import mul

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Role
from surveys.sheets import LAYOUTS
from tests import factories as make
from tests import ledgers
from tests.pages import (
    client_of,
    counts,
    downloads,
    found,
    numbers,
    pages_of_ledger,
    pages_of_round,
    text,
)
from tests.shared import shared

NUMBER = re.compile(r">([0-9,]+)</a></td>")  # as a row of a table shows it
pytestmark = pytest.mark.django_db

EVERY_PAGE = pages_of_round() + pages_of_ledger()
# Companies with a 法人番号 are published: what is listed of them is common to all agencies.
OF_LEDGERS = [
    page for page in EVERY_PAGE if page not in (reverse("contractors"), reverse("holdings"))
]
PARTIAL = "見る権限のある機関だけを集計しています"
TABLES = [reverse("survey-table", args=[2017, key]) for key in LAYOUTS]


@pytest.fixture(scope="module")
def ledger(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, ledgers.small_ledger)


@pytest.fixture
def office(ledger):
    return client_of(make.user(role=Role.SURVEY_OFFICE))


@pytest.fixture
def officer(ledger):
    """Of one agency of three."""
    return client_of(make.officer(ledger.own))


class TestWhatOpensFirst:
    def test_the_first_page_is_the_dashboard(self, officer, office):
        for client in (officer, office):
            assert client.get("/").url == reverse("dashboard")

    def test_surveys_open_with_the_latest_round(self, ledger, office):
        make.survey_round(year=2016)
        assert office.get(reverse("surveys")).url == reverse("survey", args=[2017])


class TestWhatAnOfficerSees:
    """An officer of あおぞら省; the other agencies have contracts of the same kinds."""

    def test_the_overview_counts_the_own_contracts_alone(self, officer):
        sentences = officer.get(reverse("survey", args=[2017])).context["sentences"]
        assert sentences.contracts == ledgers.PERSONAL["total"] + ledgers.SURVEYED["total"]
        assert sentences.breaches == 3
        assert sentences.personal.to_wholly_owned == 1
        assert sentences.personal.faults == sentences.personal.faults_terminated == 1

    def test_no_page_names_another_agency(self, officer):
        for address in OF_LEDGERS + downloads():
            response = officer.get(address)
            said = (
                text(response) if "html" in response.headers["Content-Type"] else cells_of(response)
            )
            for name in ("みどり庁", "なみかぜ機構", "A02", "B001"):
                assert name not in said, address

    def test_tables_have_the_own_row_and_its_numbers(self, officer):
        address = reverse("survey-table", args=[2017, "administrative-organs"])
        (section,) = officer.get(address).context["sections"]
        assert re.findall('<th scope="row">(.+?)</th>', section.rows) == ["あおぞら省", "計"]
        assert NUMBER.findall(section.rows) == ["10", "3", "2", "1"] * 2

    def test_numbers_that_count_a_part_say_so(self, officer, office):
        for address in [reverse("survey", args=[2017]), *TABLES]:
            assert PARTIAL in text(officer.get(address)), address
            assert PARTIAL not in text(office.get(address)), address

    def test_so_do_the_workbooks(self, officer, office):
        address = reverse("download", args=[2017, "tables.xlsx"])
        assert PARTIAL in cells_of(officer.get(address))
        assert PARTIAL not in cells_of(office.get(address))

    def test_workbooks_have_the_own_rows_alone(self, officer):
        cells = cells_of(officer.get(reverse("download", args=[2017, "tables.xlsx"])))
        assert "あおぞら省" in cells
        assert "みどり庁" not in cells
        assert "なみかぜ機構" not in cells

    def test_another_agencys_workbook_is_refused_as_one_that_does_not_exist_is(self, officer):
        address = reverse("download", args=[2017, "tables.xlsx"])
        refused = {
            code: text(officer.get(address, {"agency": code})).replace(code, "?")
            for code in ("A02", "A99", "B001")
        }
        assert len(set(refused.values())) == 1
        assert officer.get(address, {"agency": "A02"}).status_code == 400
        assert officer.get(address, {"agency": "A01"}).status_code == 200

    def test_the_choice_of_agencies_has_the_own_one_alone(self, officer):
        agencies = officer.get(reverse("exports", args=[2017])).context["agencies"]
        assert agencies == [("A01", "あおぞら省")]
        page = officer.get(reverse("survey-contracts", args=[2017, "personal"]))
        choices = page.context["filter"].form.fields["agency"].queryset
        assert [agency.code for agency in choices] == ["A01"]

    def test_contradictions_are_the_own_ones(self, officer):
        rows = officer.get(reverse("contradictions", args=[2017])).context["rows"]
        titles = {contract.title for _, contracts in rows for contract in contracts}
        assert titles == {"否認された違反", "台帳にない違反"}
        assert sum(len(contracts) for _, contracts in rows) == ledgers.CONTRADICTIONS

    def test_reconciliation_has_the_own_rows_and_no_totals(self, ledger, officer):
        for row, label in (("A01", "あおぞら省"), ("A02", "みどり庁"), ("total", "計")):
            make.published(
                sheet="administrative-organs", row=row, label=label,
                total=10, no_breach=3, breach=2, unverifiable=4,
            )  # fmt: skip
        result = officer.get(reverse("reconciliation", args=[2017])).context["result"]
        organs = [cell for cell in result.cells if cell.sheet == "administrative-organs"]
        assert {cell.row for cell in organs} == {"A01"}
        assert [(cell.column, cell.published, cell.rebuilt) for cell in organs if cell.differs] == [
            ("unverifiable", 4, 1)
        ]


class TestNumbersLeadToTheirContracts:
    @pytest.mark.parametrize("reader", ["office", "officer"])
    def test_each_cell_of_each_table(self, request, reader):
        client = request.getfixturevalue(reader)
        cells = [cell for address in TABLES for cell in numbers(text(client.get(address)))]
        # Summaries of 3 rows and of 1, then a row for each agency seen and the total.
        rows = {"office": (3, 1, 3, 2, 4), "officer": (3, 1, 2, 1, 2)}[reader]
        assert len(cells) == sum(map(mul, rows, (4, 3, 4, 4, 3)))
        assert {href: found(client, href) for href, _ in cells} == dict(cells)

    def test_each_cell_of_the_reconciliation(self, office):
        make.published(
            sheet="administrative-organs", row="A01", label="あおぞら省",
            total=11, no_breach=3, breach=2, unverifiable=1,
        )  # fmt: skip
        page = text(office.get(reverse("reconciliation", args=[2017])))
        cells = numbers(page)
        assert cells
        assert {href: found(office, href) for href, _ in cells} == dict(cells)
        assert page.count(">差あり<") > 1

    def test_the_reconciliation_can_show_its_differences_alone(self, office):
        for row, total in (("A01", 11), ("A02", 10)):
            make.published(
                sheet="administrative-organs", row=row, label=row,
                total=total, no_breach=3, breach=2, unverifiable=1,
            )  # fmt: skip
        address = reverse("reconciliation", args=[2017])
        every, differing = (
            office.get(address, {"show": show}).context["cells"] for show in ("all", "differing")
        )
        assert {cell for cell in every if cell.differs} == set(differing)
        organs = [cell for cell in differing if cell.sheet == "administrative-organs"]
        assert [(cell.row, cell.column) for cell in organs if cell.agency_code] == [
            ("A01", "total")
        ]
        assert [cell.differs for cell in every] == sorted(
            (cell.differs for cell in every), reverse=True
        )

    @pytest.mark.parametrize("reader", ["office", "officer"])
    def test_each_number_in_a_sentence_of_the_overview(self, request, reader):
        client = request.getfixturevalue(reader)
        sentences = counts(text(client.get(reverse("survey", args=[2017]))))
        assert len({href for href, _ in sentences}) >= 9
        assert {href: found(client, href) for href, _ in sentences} == dict(sentences)

    def test_the_sentences_are_those_counted_by_hand(self, office):
        sentences = office.get(reverse("survey", args=[2017])).context["sentences"]
        assert (sentences.contracts, sentences.breaches) == (3 * (10 + 4), 3 * (2 + 1))
        assert sentences.personal._asdict() == {
            "information": "personal",
            "contracts": 30,
            "breaches": 6,
            "staff_health_checks": 3,
            "medical_examinations": 3,
            "other_work": 0,
            "to_wholly_owned": 3,
            "to_wholly_owned_medical": 3,
            "faults": 3,
            "faults_terminated": 3,
            "leaks": 0,
            "with_measures": 0,
            "measures": (),
        }

    def test_lists_by_class_are_those_counted_by_hand(self, officer):
        for kind, expected in (("personal", ledgers.PERSONAL), ("statistics", ledgers.SURVEYED)):
            address = reverse("survey-contracts", args=[2017, kind])
            statuses = expected.keys() - {"total"}
            by_class = {name: found(officer, f"{address}?status={name}") for name in statuses}
            assert by_class | {"total": found(officer, address)} == expected

    def test_pending_contracts_are_told_on_the_face_of_the_table(self, officer):
        page = text(officer.get(reverse("survey-table", args=[2017, "administrative-organs"])))
        assert "確認中又は未回答の契約が4件あります" in page

    def test_contracts_of_an_agency_that_the_round_does_not_list_are_apart(self, ledger, office):
        stranger = make.agency(code="A99", name="のちの庁")
        make.many_contracts(number=1, agency=stranger, contractor=make.contractor())
        broken = make.contract(agency=stranger)
        make.link(contract=broken)
        make.fault(contract=broken)
        make.confirmation(round_=ledger.round, contract=broken, result="breach")
        address = reverse("survey-contracts", args=[2017, "personal"])
        page = text(office.get(reverse("survey-table", args=[2017, "administrative-organs"])))
        assert "掲載順に登録のない機関の契約が2件ある" in page
        assert found(office, address) == 3 * ledgers.PERSONAL["total"]
        assert found(office, f"{address}?listing=unlisted") == 2
        sentences = counts(text(office.get(reverse("survey", args=[2017]))))
        assert {href: found(office, href) for href, _ in sentences} == dict(sentences)


def cells_of(response) -> str:
    """What a workbook or CSV file says; not when it was zipped."""
    assert response.status_code == 200
    content = response.content
    if response.headers["Content-Type"].startswith("text/csv"):
        return content.decode("utf-8-sig")
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return "\n".join(
        "\t".join(map(str, row)) for name in book.sheet_names for row in
        [[name], *book.get_sheet_by_name(name).to_python()]
    )  # fmt: skip
