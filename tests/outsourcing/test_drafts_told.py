"""What is typed is told what would be found, before it is saved."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.models import Finding
from tests.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


class TestToldBeforeItIsSaved:
    def test_the_rule_from_which_day_and_the_smallest_change(self, desk):
        desk.link(0, desk.first, first_day="2017-06-01")
        said = desk.check()
        assert "承認を受けない、又は禁止された再委託 再委託1" in said
        assert "2017年6月1日（平成29年6月1日） から 2018年3月31日（平成30年3月31日） まで" in said
        assert "解消するには：2017年6月1日（平成29年6月1日）までの日付の" in said

    @pytest.mark.parametrize(
        ("decided", "breaks"), [("2017-05-31", False), ("2017-06-01", False), ("2017-06-02", True)]
    )
    def test_an_approval_of_the_day_before_or_of_the_day_is_in_time(self, desk, decided, breaks):
        desk.link(
            0, desk.first, first_day="2017-06-01",
            approval_result="approved", approval_decided_on=decided,
        )  # fmt: skip
        assert ("承認を受けない、又は禁止された再委託" in desk.check()) == breaks

    def test_it_says_what_it_could_not_look_at(self, desk):
        del desk.typed["clause"]
        del desk.typed["concluded_on"]
        desk.link(0, desk.first, first_day="いつか")
        said = desk.check()
        assert "契約締結日が空欄のため、契約期間の初日として確かめています。" in said
        assert "再委託の条項が未選択のため、記載なしとして確かめています。" in said
        assert "再委託1件は、まだ読み取れないため除いています。" in said
        assert "「いつか」は日付として読めません" in said

    def test_before_there_is_a_term_it_says_what_is_needed(self, desk):
        desk.typed["first_day"] = ""
        assert "契約期間の初日と末日を入力すると" in desk.check()

    def test_what_is_told_is_what_is_found_once_it_is_registered(self, desk):
        desk.link(0, desk.first, approval_result="approved", approval_decided_on="2017-06-10")
        desk.link(1, desk.second, under="0", last_day="2017-11-30")
        desk.visit(0, scopes=["handling"])
        response = desk.client.post(desk.address, desk.typed | {"check": "1", "fragment": "1"})
        told = {
            (one.rule.code, one.since, one.last_day)
            for group in (*response.context["broken"], *response.context["due"])
            for one in group.members
        }
        made = desk.register()
        found = Finding.objects.filter(contract=made)
        assert len(found) > 10
        assert told == {
            (f.rule, f.since, f.until and date.fromordinal(f.until.toordinal() - 1)) for f in found
        }
