"""Rows written at once are those that ``bulk_create`` would have written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from guideline.models import Finding
from outsourcing import bulk
from outsourcing.bulk import insert_rows, new_row
from outsourcing.models import Contract, Contractor, Disclosure, Shareholding, WrittenConfirmation
from tests import factories as make

pytestmark = pytest.mark.django_db

UGLY = """引用符 ' " バックスラッシュ \\ 改行\n タブ\t {"a": 1} %s %% \u2028 😀"""


def contract(**fields) -> Contract:
    values = {
        "agency": make.agency(),
        "contractor": make.contractor(),
        "recorded_by": make.recorder(),
        "recorded_at": datetime(2017, 4, 1, 9, 30, 15, 123456, tzinfo=UTC),
        "fiscal_year": 2017,
        "serial": 1,
        "title": UGLY,
        "concluded_on": date(2017, 4, 1),
        "first_day": date(2017, 4, 1),
        "agreed_last_day": date(2018, 3, 31),
        "last_day": date(2018, 3, 31),
        "work": "other",
        "information": "personal",
        "clause": "forbidden",
        "exempt_work": {"printing": UGLY},
        "items": {"8-4(1)": {"article": "第5条"}, "8-4(3)": None},
    }
    return Contract(**values | fields)


def stored(row) -> dict:
    fields = [f.attname for f in row._meta.concrete_fields if not f.primary_key]
    return type(row).objects.values(*fields).get(pk=row.pk)


@pytest.mark.parametrize("model", [*apps.get_app_config("outsourcing").get_models(), Finding])
def test_a_new_row_is_what_the_model_would_have_made(model):
    row, expected = new_row(model), model()
    made = {f.attname for f in model._meta.local_fields if f.has_default() and callable(f.default)}
    told, wanted = ({k: v for k, v in r.__dict__.items() if k != "_state"} for r in (row, expected))
    assert told.keys() == wanted.keys()
    assert {k: told[k] for k in told.keys() - made} == {k: wanted[k] for k in told.keys() - made}
    assert {type(told[k]) for k in made} == {type(wanted[k]) for k in made}
    assert (row._state.adding, row._state.db) == (True, None)


def test_what_new_rows_refer_to_and_hold_is_their_own():
    agency, other = make.agency(), make.agency()
    one, two = new_row(Contract, agency=agency), new_row(Contract, agency_id=other.pk)
    one.items["8-4(1)"] = "第5条"
    assert (one.agency, two.agency, two.items) == (agency, other, {})
    with pytest.raises(TypeError, match="Contract has no titel"):
        new_row(Contract, titel="健康診断")


@pytest.mark.parametrize("persons", [None, 0, 2_147_483_647])
def test_as_bulk_create_writes_them(persons):
    one, other = contract(persons=persons), contract(persons=persons)
    Contract.objects.bulk_create([one])
    insert_rows([other])
    told = {"agency_id", "contractor_id"}
    expected, found = stored(one), stored(other)
    assert {k: v for k, v in found.items() if k not in told} == {
        k: v for k, v in expected.items() if k not in told
    }


def test_decimals_booleans_and_lists():
    holding = Shareholding(
        holder=make.contractor(), held=make.contractor(), share=Decimal("33.3334"),
        first_day=date(2017, 4, 1), recorded_by=make.recorder(),
    )  # fmt: skip
    insert_rows([holding])
    assert stored(holding)["share"] == Decimal("33.3334")
    of = make.contract()
    paper = WrittenConfirmation(
        contract=of, agency=of.agency, matters=["management"], confirmed_on=date(2017, 4, 1),
        recorded_by=make.recorder(),
    )  # fmt: skip
    insert_rows([paper])
    assert stored(paper)["matters"] == ["management"]
    row = Disclosure(
        agency=of.agency, fiscal_year=2017, serial=1, recipient="甲", basis="item_3",
        purpose="統計", first_day=date(2017, 4, 1), survey_needed=False,
        survey_decided_on=date(2017, 4, 1), recorded_by=make.recorder(),
    )  # fmt: skip
    insert_rows([row])
    assert stored(row)["survey_needed"] is False
    assert stored(row)["measures_needed"] is None


def test_each_row_is_given_a_key_of_its_own_and_is_known_as_saved():
    before = make.contract().pk
    rows = [contract(serial=n) for n in range(1, 6)]
    insert_rows(rows)
    keys = [row.pk for row in rows]
    assert len({*keys, before}) == 6
    assert all(Contract.objects.get(pk=row.pk).serial == row.serial for row in rows)
    assert not any(row._state.adding for row in rows)
    after = contract(serial=9)
    after.save()
    assert after.pk not in keys


def test_a_key_that_is_gone_is_not_given_again():
    row = contract()
    insert_rows([row])
    gone = row.pk
    Contract.objects.filter(pk=gone).delete()
    again = contract()
    insert_rows([again])
    assert again.pk > gone


def test_what_a_row_refers_to_may_be_saved_after_it_was_assigned():
    company = Contractor(name="あとから", no_number_reason="other", recorded_by=make.recorder())
    row = contract(contractor=company)
    insert_rows([company])
    insert_rows([row])
    assert stored(row)["contractor_id"] == company.pk


def test_all_or_none_over_several_batches(monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 2)
    agency = make.agency()
    rows = [contract(agency=agency, serial=n) for n in (1, 2, 3, 4, 4)]
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        insert_rows(rows)
    assert not Contract.objects.filter(agency=agency).exists()
    insert_rows(rows[:4])
    assert Contract.objects.filter(agency=agency).count() == 4


def test_what_is_too_long_is_refused_and_not_cut(postgresql_only):
    with pytest.raises(DatabaseError), transaction.atomic():
        insert_rows([contract(number="長" * 61)])
    assert connection.vendor == "postgresql"


def test_nothing_is_nothing():
    insert_rows([])


def test_rows_are_changed_where_they_are_as_they_were_seen(monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 2)
    rows = [contract(serial=n) for n in range(1, 6)]
    insert_rows(rows)
    for number, row in enumerate(rows):
        row.title = f"{number}{UGLY}"
        row.items = {"8-4(1)": {"quote": UGLY}, "8-4(3)": None}
        row.persons, row.concluded_on = None if number % 2 else 7, date(2017, 3, number + 1)
        row.special_care = bool(number % 2)
    names = ["title", "items", "persons", "concluded_on", "special_care"]
    moved_on = rows.pop()
    found = bulk.update_rows([*rows, moved_on], names, [1, 1, 1, 1, 2])
    assert found == {row.pk for row in rows}
    for row in rows:
        now = stored(row)
        assert {name: now[name] for name in names} == {n: getattr(row, n) for n in names}
        assert now["version"] == 2
    now = stored(moved_on)
    assert (now["title"], now["version"], now["persons"]) == (UGLY, 1, None)


def test_values_without_a_row_are_written_as_rows_are():
    before = make.contract()
    fields = Contract._meta.local_concrete_fields
    one, other = contract(agency=before.agency, serial=2), contract(agency=before.agency, serial=5)
    insert_rows([one])
    values = [getattr(other, f.attname) for f in fields]
    names = [f.name for f in fields]
    bulk.insert_values(Contract, names, [tuple(values)])
    written = Contract.objects.latest("pk")
    told = {"serial", "contractor_id"}
    expected, found = stored(one), stored(written)
    assert {k: v for k, v in found.items() if k not in told} == {
        k: v for k, v in expected.items() if k not in told
    }
    other.serial, key = 6, before.pk + 1000
    values = [getattr(other, f.attname) for f in fields]
    bulk.insert_values(Contract, names, [(key, *values[1:])])
    assert Contract.objects.get(pk=key).serial == 6
