"""Agencies and sections: founded, renamed, abolished, opened; and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from outsourcing.actions import agencies
from outsourcing.actions.base import Conflict
from outsourcing.models import Agency, AgencyName, Section
from outsourcing.scope import Scope
from tests import factories as make
from tests.snapshots import refused, snapshot

pytestmark = pytest.mark.django_db

D = date


def names(agency):
    rows = agency.names.order_by("pk").values_list("name", "first_day", "last_day")
    return list(rows)


def test_an_agency_bears_its_name_from_the_day_it_is_founded():
    agency = agencies.found(
        by=make.recorder(), code="A01", kind="organ", name="内閣官房", since=D(2001, 1, 6)
    )
    assert names(agency) == [("内閣官房", D(2001, 1, 6), None)]


def test_a_renamed_agency_keeps_the_old_name_up_to_the_day_before():
    agency = make.agency(name="独立行政法人甲")
    agencies.rename(agency, by=make.recorder(), name="国立研究開発法人甲", on=D(2015, 4, 1))
    assert names(agency) == [
        ("独立行政法人甲", None, D(2015, 3, 31)),
        ("国立研究開発法人甲", D(2015, 4, 1), None),
    ]
    assert Agency.objects.get(pk=agency.pk).name == "国立研究開発法人甲"


def test_a_name_from_a_day_on_or_before_the_present_one_is_refused():
    agency = make.agency(since=D(2015, 4, 1))
    before = snapshot()
    for day in (D(2015, 3, 31), D(2015, 4, 1)):
        with refused(str(day), "2015-04-01"):
            agencies.rename(agency, by=make.recorder(), name="新", on=day)
    assert snapshot() == before
    agencies.rename(agency, by=make.recorder(), name="新", on=D(2015, 4, 2))
    assert AgencyName.objects.count() == 2


def test_one_code_belongs_to_one_agency():
    make.agency(code="A01")
    before = snapshot()
    with refused("機関コード", "「A01」"):
        make.agency(code="A01")
    assert snapshot() == before


@pytest.mark.parametrize(
    ("values", "said"),
    [({"kind": "company"}, "company"), ({"name": ""}, "name"), ({"code": "A" * 9}, "8")],
    ids=["kind", "name", "code"],
)
def test_what_no_agency_has_is_refused(values, said):
    make.recorder()
    before = snapshot()
    fields = {"code": "A01", "kind": "organ", "name": "内閣官房"} | values
    with pytest.raises(ValidationError) as error:
        agencies.found(by=make.recorder(), **fields)
    assert said in str(error.value)
    assert snapshot() == before


def test_an_abolished_agency_has_a_successor_other_than_itself():
    agency, heir = make.agency(), make.agency()
    with refused(str(agency)):
        agencies.abolish(agency, by=make.recorder(), on=D(2018, 3, 31), successor=agency)
    agencies.abolish(agency, by=make.recorder(), on=D(2018, 3, 31), successor=heir)
    row = Agency.objects.get(pk=agency.pk)
    assert (row.abolished_on, row.successor) == (D(2018, 3, 31), heir)


def test_two_who_change_one_agency_are_a_conflict():
    agency = make.agency()
    theirs = Agency.objects.get(pk=agency.pk)
    agencies.supervise(agency, by=make.recorder(), supervisor=make.agency())
    with pytest.raises(Conflict):
        agencies.supervise(theirs, by=make.recorder(), supervisor=None)


def test_sections_have_a_code_of_their_own_within_the_agency():
    agency, by = make.agency(), make.recorder()
    agencies.open_section(by=by, agency=agency, code="001", name="総務課")
    agencies.open_section(by=by, agency=make.agency(), code="001", name="総務課")
    before = snapshot()
    with refused("課室コード「001」"):
        agencies.open_section(by=by, agency=agency, code="001", name="企画課")
    with refused("課室コード「001」"):
        agencies.open_sections([Section(agency=agency, code="001", name="企画課")], by=by)
    assert snapshot() == before


def test_a_section_closed_before_it_was_opened_is_refused():
    fields = {"code": "1", "name": "課", "first_day": D(2017, 4, 1), "last_day": D(2017, 3, 31)}
    agency, by = make.agency(), make.recorder()
    with refused("2017-03-31", "2017-04-01"):
        agencies.open_section(by=by, agency=agency, **fields)
    with refused("1行目", "2017-03-31", "2017-04-01"):
        agencies.open_sections([Section(agency=agency, **fields)], by=by)


def test_a_reader_sees_the_own_agencies():
    ours, theirs = make.agency(), make.agency()
    assert set(Agency.objects.visible_to(Scope.of([ours.pk]))) == {ours}
    assert set(Agency.objects.visible_to(Scope.everything())) == {ours, theirs}
    assert not Agency.objects.visible_to(Scope.nothing()).exists()
