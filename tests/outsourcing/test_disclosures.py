"""Provisions of information: numbered, refused in Japanese, followed by findings."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from guideline.models import Finding
from outsourcing.actions import agencies, disclosures
from outsourcing.actions.base import Conflict
from outsourcing.models import Disclosure
from tests import factories as make
from tests.snapshots import refused, signals, snapshot

pytestmark = pytest.mark.django_db
DAY = date(2017, 4, 1)


def unsaved(agency, **fields) -> Disclosure:
    values = {"recipient": "試験大学", "basis": "item_4", "purpose": "統計", "first_day": DAY}
    return Disclosure(agency=agency, **values | fields)


def rules(row) -> set[str]:
    return set(Finding.objects.filter(disclosure=row).values_list("rule", flat=True))


class TestNumbers:
    def test_count_within_agency_and_fiscal_year(self):
        one, other = make.agency(code="A01"), make.agency(code="A02")
        days = (date(2017, 4, 1), date(2018, 3, 31), date(2018, 4, 1))
        codes = [make.disclosure(agency=one, first_day=d, last_day=None).code for d in days]
        codes.append(make.disclosure(agency=other).code)
        assert codes == [
            "A01-2017-T00001", "A01-2017-T00002", "A01-2018-T00001", "A02-2017-T00001",
        ]  # fmt: skip

    def test_go_on_in_bulk(self):
        agency = make.agency(code="A01")
        make.disclosure(agency=agency)
        made = disclosures.disclose_many([unsaved(agency) for _ in range(3)], by=make.recorder())
        assert [row.serial for row in made] == [2, 3, 4]


class TestFindings:
    def test_follow_what_is_registered(self):
        row = make.disclosure()
        assert rules(row) == {"provision-terms", "provision-safety", "provision-survey"}

    def test_and_each_change(self):
        row = make.disclosure()
        with signals() as sent:
            disclosures.correct(row, by=make.recorder(), terms_agreed_on=DAY)
        assert len(sent) == 1
        assert rules(row) == {"provision-safety", "provision-survey"}

    def test_go_with_what_is_voided(self):
        row = make.disclosure()
        disclosures.void_disclosure(row, by=make.recorder(), on=date(2018, 1, 9), reason="誤記")
        assert rules(row) == set()

    def test_of_a_public_body_begin_with_the_decision(self):
        row = make.disclosure(recipient_is_public=True)
        assert rules(row) == {"provision-public"}
        decided = date(2017, 6, 1)
        disclosures.correct(
            row, by=make.recorder(), measures_decided_on=decided, measures_needed=True
        )
        found = dict(Finding.objects.filter(disclosure=row).values_list("rule", "since"))
        assert found == {
            "provision-public": DAY, "provision-terms": decided,
            "provision-safety": decided, "provision-survey": decided,
        }  # fmt: skip


class TestRefusals:
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"basis": "whim"}, "whim"),
            ({"last_day": date(2017, 3, 31)}, "2017-03-31"),
            ({"recipient": ""}, "提供先"),
            ({"first_day": None}, "提供の初日"),
            ({"survey_needed": True}, "要否"),
            ({"measures_decided_on": DAY}, "要否"),
            ({"persons": -1}, "本人の数"),
        ],
    )
    def test_name_field_and_value_and_leave_nothing(self, fields, said):
        agency, by = make.agency(), make.recorder()
        before = snapshot()
        with refused(said):
            disclosures.disclose_many([unsaved(agency, **fields)], by=by)
        assert snapshot() == before

    def test_a_section_of_another_agency(self):
        by, agency = make.recorder(), make.agency()
        section = agencies.open_section(by=by, agency=make.agency(), code="001", name="よその課")
        with refused("よその課", "別の機関"):
            disclosures.disclose(by=by, agency=agency, section=section, recipient="甲",
                                 basis="item_3", purpose="統計", first_day=DAY)  # fmt: skip
        row = make.disclosure(agency=agency)
        with refused("別の機関"):
            disclosures.correct(row, by=by, section=section)
        assert Disclosure.objects.get(pk=row.pk).section is None

    def test_a_second_writer(self):
        row = make.disclosure()
        disclosures.correct(row, by=make.recorder(), terms_agreed_on=DAY)
        with pytest.raises(Conflict):
            disclosures.correct(row, by=make.recorder(), version=1, terms_agreed_on=None)

    def test_voiding_without_a_reason(self):
        with pytest.raises(ValidationError, match="理由"):
            disclosures.void_disclosure(
                make.disclosure(), by=make.recorder(), on=date(2018, 1, 9), reason=" "
            )
