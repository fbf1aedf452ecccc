"""The page that says what the columns of a sheet are that is not ours."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from exchange.importing import working
from exchange.models import ColumnMapping, Import, State
from outsourcing.models import Contract
from tests.exchange.importing.lines import plan
from tests.imports import THEIRS, checked, csv_of, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_started")]


def page_of(signed_in, row: Import) -> str:
    return signed_in.get(reverse("import", args=[row.public_id])).content.decode()


@pytest.fixture
def row(agency):
    made = plan(unmapped=[THEIRS.name])
    return checked(agency=agency, plan=made, state=State.UNMAPPED)


def place(row: Import, number: int = 1) -> str:
    return reverse("import-columns", args=[row.public_id, number])


def test_the_page_leads_to_the_sheet_and_shows_its_columns(signed_in, row):
    assert place(row) in page_of(signed_in, row)
    page = signed_in.get(place(row)).content.decode()
    for words in ("件名", "相手先", "開始", "備考", "健康診断", "株式会社甲", "2017-04-01"):
        assert words in page
    assert re.search(r'<option value="title"\s+selected', page)


def test_another_sheet_has_other_columns(signed_in, row):
    page = signed_in.get(f"{place(row)}?sheet=plans").content.decode()
    assert "「委託一覧」を「検査計画」として取り込みます" in page
    assert signed_in.get(f"{place(row)}?sheet=none").status_code == 200


def test_said_it_is_kept_and_the_file_checked_anew(signed_in, row, officer):
    columns = ("contract", "planned_on", "-", "-")
    data = {f"column-{n}": column for n, column in enumerate(columns)}
    response = signed_in.post(f"{place(row)}?sheet=plans", data)
    assert response.headers["Location"] == reverse("import", args=[row.public_id])
    kept_row = ColumnMapping.objects.get()
    assert (kept_row.sheet, kept_row.recorded_by) == ("plans", officer)
    assert kept_row.columns["件名"] == "contract"
    row.refresh_from_db()
    assert row.state == State.CHECKING


def test_what_is_missing_is_told_beside_its_column(signed_in, row):
    response = signed_in.post(f"{place(row)}?sheet=contracts", {"column-0": "title"})
    assert response.status_code == 400
    assert "列「相手先」を何として取り込むかを選んでください" in response.content.decode()


def test_a_sheet_that_there_is_not_is_not_found(signed_in, row):
    for number in (0, 2, 99):
        assert signed_in.get(place(row, number)).status_code == 404


def test_a_heading_that_nobody_knows_can_be_said_as_well(signed_in, agency, officer):
    sent = csv_of("健康診断", 備考="急ぎ")
    row = received(agency=agency, by=officer, content=sent, name="契約.csv")
    working.check(row)
    assert row.state == State.WRONG
    at = place(row)
    assert at in page_of(signed_in, row)
    page = signed_in.get(at).content.decode()
    chosen = re.findall(r'<select name="column-(\d+)".*?</select>', page, re.DOTALL)
    data = {
        f"column-{n}": re.search(
            rf'<select name="column-{n}".*?</select>', page, re.DOTALL
        )[0].partition(" selected")[0].rpartition('value="')[2].rstrip('"')
        for n in chosen
    }  # fmt: skip
    assert data["column-8"] == ""  # the one that nobody knows waits for an answer
    signed_in.post(f"{at}?sheet=contracts", data | {"column-8": "-"})
    row.refresh_from_db()
    working.check(row)
    assert row.state == State.WAITING


class TestEveryRow:
    """What their sheet has no column for, typed once for all of its rows."""

    COLUMNS = ("title", "contractor", "first_day", "-")
    SAID = {
        "契約締結日": "平成29年4月1日",
        "契約期間の末日（当初）": "2018-03-31",
        "業務の種類": "職員の健康診断",
        "情報の種類": "保有個人情報",
        "再委託の条項": "禁止",
    }
    SENT = "件名,相手先,開始,備考\n健康診断,株式会社甲,2017-04-01,\n入力,株式会社甲,H29.5.1,急ぎ\n"

    @pytest.fixture
    def row(self, agency, officer):
        made = received(
            agency=agency, by=officer, content=self.SENT.encode("utf-8-sig"), name="一覧.csv"
        )
        working.check(made)
        assert made.state == State.UNMAPPED
        return made

    def name(self, signed_in, row, heading: str) -> str:
        """Of the field below such a label."""
        page = signed_in.get(f"{place(row)}?sheet=contracts").content.decode()
        return re.search(rf'<label for="id_(every-\d+)">{re.escape(heading)}</label>', page)[1]

    def data(self, signed_in, row, **said) -> dict[str, str]:
        data = {f"column-{number}": field for number, field in enumerate(self.COLUMNS)}
        said = {heading: typed for heading, typed in (self.SAID | said).items() if typed}
        return data | {self.name(signed_in, row, h): typed for h, typed in said.items()}

    def post(self, signed_in, row, **said):
        data = self.data(signed_in, row, **said)
        return signed_in.post(f"{place(row)}?sheet=contracts", data)

    def test_it_is_kept_with_the_mapping_and_read_in_each_row(self, signed_in, row):
        assert self.post(signed_in, row).status_code == 302
        assert ColumnMapping.objects.get().every_row["concluded_on"] == "平成29年4月1日"
        row.refresh_from_db()
        working.check(row)
        assert (row.state, row.totals[0]["added"]) == (State.WAITING, 2)
        working_page = page_of(signed_in, row)
        assert "すべての行に同じ値とした項目：契約締結日「平成29年4月1日」" in working_page
        assert working_page.count("<td>平成29年4月1日</td>") == 2
        assert "契約締結日（すべての行に同じ値）" in working_page

    def test_said_once_the_next_file_needs_nothing_said(self, signed_in, row, agency, officer):
        self.post(signed_in, row)
        content = self.SENT.replace("入力", "二つ目").encode("utf-8-sig")
        again = received(agency=agency, by=officer, content=content, name="翌月.csv")
        working.check(again)
        assert again.state == State.WAITING
        page = signed_in.get(f"{place(again)}?sheet=contracts").content.decode()
        assert 'value="平成29年4月1日"' in page

    def test_carried_out_it_stands_in_the_ledger(self, signed_in, row):
        self.post(signed_in, row)
        row.refresh_from_db()
        working.check(row)
        at = reverse("import-release", args=[row.public_id])
        signed_in.post(at, {"version": row.version})
        row.refresh_from_db()
        working.carry_out(row)
        days = {contract.concluded_on for contract in Contract.objects.all()}
        assert (row.state, days) == (State.DONE, {date(2017, 4, 1)})

    @pytest.mark.parametrize(
        ("heading", "typed", "words"),
        [
            ("契約締結日", "平成29年13月1日", ("契約締結日", "平成29年13月1日", "例")),
            ("業務の種類", "占い", ("「占い」は選べません",)),
            ("契約締結日", "", ("契約締結日", "必要な項目", "例：2018-04-01")),
        ],
    )
    def test_what_cannot_be_read_is_told_at_its_field(self, signed_in, row, heading, typed, words):
        response = self.post(signed_in, row, **{heading: typed})
        assert response.status_code == 400
        name = self.name(signed_in, row, heading)
        page = response.content.decode()
        told = re.search(rf'id="id_{name}_error">(.*?)</p>', page, re.DOTALL)[1]
        assert all(word in told for word in words)
        assert not ColumnMapping.objects.exists()

    def test_a_column_that_is_chosen_is_not_said_for_all_rows_as_well(self, signed_in, row):
        data = self.data(signed_in, row)
        first_day = f"every-{int(self.name(signed_in, row, '契約締結日')[6:]) + 1}"
        response = signed_in.post(f"{place(row)}?sheet=contracts", data | {first_day: "2017-04-01"})
        assert response.status_code == 400
        assert "には列「開始」が選ばれています" in response.content.decode()

    def test_what_nobody_knows_is_told_once_and_not_of_each_row(self, signed_in, row):
        self.post(signed_in, row, 課室="ない課（999）")
        row.refresh_from_db()
        working.check(row)
        assert (row.state, row.mistakes) == (State.WRONG, 1)
        page = page_of(signed_in, row)
        assert "課室（すべての行に同じ値）" in page
        assert "「ない課（999）」という課室はありません" in page

    def test_a_sheet_of_ours_that_lacks_a_column_leads_there_too(self, signed_in, agency, officer):
        heads, values = csv_of("健康診断").decode("utf-8-sig").split("\n")
        at = heads.split(",").index("契約締結日")
        content = "\n".join(
            ",".join(cell for n, cell in enumerate(line.split(",")) if n != at)
            for line in (heads, values)
        )
        row = received(
            agency=agency, by=officer, content=content.encode("utf-8-sig"), name="契約.csv"
        )
        working.check(row)
        assert row.state == State.WRONG
        assert place(row) in page_of(signed_in, row)
        assert "契約締結日" in signed_in.get(f"{place(row)}?sheet=contracts").content.decode()
