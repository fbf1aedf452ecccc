"""Every change of every recorded table is in the trail, however it was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from outsourcing.bulk import insert_rows
from outsourcing.models import Agency, Section
from tests import factories as make
from tests.trail.everything import one_of_everything
from trail.models import Change
from trail.recorded import Table, tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything():
    made = one_of_everything()
    make.agency()  # for a row that has nothing to alter but whose it is
    return made


# --- What a row and its record say, in the same words ------------------------


def stored(table: Table, key) -> dict | None:
    """The recorded columns of a row, as its model reads them."""
    fields = {field.attname: field for field in table.columns}
    row = table.model._base_manager.filter(pk=key).values(*fields).first()
    return row and {fields[name].column: plain(value) for name, value in row.items()}


def recorded(table: Table, row: dict | None) -> dict | None:
    fields = {field.column: field for field in table.columns}
    return row and {name: plain(read(fields[name], value)) for name, value in row.items()}


def read(field: models.Field, value):
    plain_field = field.target_field if field.is_relation else field
    if isinstance(plain_field, models.JSONField) or value is None:
        return value
    return plain_field.to_python(value)


def plain(value):
    if isinstance(value, Decimal):
        return value.normalize()
    if hasattr(value, "tzinfo"):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value


def written(work: Callable, *arguments) -> list[Change]:
    """What was recorded while it was done."""
    before = Change.objects.order_by("-number").values_list("number", flat=True).first() or 0
    work(*arguments)
    return list(Change.objects.filter(number__gt=before))


# --- The ways of writing ------------------------------------------------------


def altered(table: Table, row: models.Model) -> tuple[models.Field, object]:
    """A column of the row and another value that it may have."""
    for field in table.columns:
        if field.primary_key or field.is_relation or field.choices:
            continue
        if isinstance(field, models.IntegerField):
            return field, getattr(row, field.attname) + 1
        if isinstance(field, models.CharField) and field.name != "void_reason":
            return field, getattr(row, field.attname) + "ｘ"
    field = [field for field in table.columns if field.is_relation][-1]
    others = field.related_model._base_manager.exclude(pk=getattr(row, field.attname))
    return field, others.first().pk


def by_save(table, row, field, value):
    setattr(row, field.attname, value)
    models.Model.save_base(row, raw=True, force_update=True)


def by_update(table, row, field, value):
    table.model._base_manager.filter(pk=row.pk).update(**{field.attname: value})


def by_bulk_update(table, row, field, value):
    setattr(row, field.attname, value)
    table.model._base_manager.bulk_update([row], [field.name])


def by_sql(table, row, field, value):
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table.name}" SET "{field.column}" = %s WHERE "{table.key}" = %s',  # noqa: S608
            [value, row.pk],
        )


def remove(table, row):
    """Past PROTECT; keys are checked when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table.name}" WHERE "{table.key}" = %s', [row.pk])  # noqa: S608


def by_saving_anew(table, row):
    models.Model.save_base(row, raw=True, force_insert=True)


def by_bulk_create(table, row):
    table.model._base_manager.bulk_create([row])


def by_insert_rows(table, row):
    insert_rows([row])


@pytest.mark.parametrize("way", [by_save, by_update, by_bulk_update, by_sql])
def test_every_table_records_an_update(everything, way):
    for table in tables():
        row = everything[table.model]
        field, value = altered(table, row)
        before = stored(table, row.pk)
        (change,) = written(way, table, row, field, value)
        assert (change.action, change.table, change.key) == ("update", table.name, str(row.pk))
        assert recorded(table, change.before) == before
        assert recorded(table, change.after) == stored(table, row.pk) != before


@pytest.mark.parametrize("way", [by_saving_anew, by_bulk_create, by_insert_rows])
def test_every_table_records_a_deletion_and_an_insertion(everything, way):
    for table in tables():
        row = everything[table.model]
        before = stored(table, row.pk)
        (gone,) = written(remove, table, row)
        (come,) = written(way, table, row)
        assert (gone.action, gone.table, gone.key) == ("delete", table.name, str(row.pk))
        assert (come.action, come.table, come.key) == ("insert", table.name, str(row.pk))
        assert recorded(table, gone.before) == recorded(table, come.after) == before
        assert gone.after is come.before is None


def test_deleting_through_the_model_is_recorded():
    section = Section.objects.create(
        agency=make.agency(), code="1", name="課", recorded_by=make.recorder()
    )
    key = section.pk
    (change,) = written(section.delete)
    assert (change.action, change.key, change.before["name"]) == ("delete", str(key), "課")


def test_only_what_is_derived_or_not_ours_goes_unrecorded():
    ours = {
        m._meta.label
        for label in settings.TRAIL_APPS
        for m in apps.get_app_config(label).get_models()
    }
    unrecorded = ours - {table.model._meta.label for table in tables()}
    assert unrecorded == set(settings.TRAIL_EXCEPT)
    # Derived; what the throttle counts, of which each attempt is recorded as an access; what has
    # been typed and is no fact yet; and where numbering goes on.
    assert unrecorded == {
        *("guideline.Finding", "guideline.FindingShape", "guideline.Law"),
        "accounts.SignInAttempt",
        *("outsourcing.Draft", "outsourcing.Submission", "accounts.Unsent"),
        *("outsourcing.NamePart", "outsourcing.ReservedSerial", "audit.ReportCount"),
    }


# --- Beyond one row -----------------------------------------------------------


def test_each_of_many_rows_written_at_once_is_recorded():
    agency, by = make.agency(), make.recorder()
    rows = [Section(agency=agency, code=str(n), name=f"課{n}", recorded_by=by) for n in range(2500)]
    assert [c.after["name"] for c in written(lambda: insert_rows(rows))] == [r.name for r in rows]
    changes = written(lambda: Section.objects.filter(code__lt="2").update(name="室"))
    few = sorted(str(row.pk) for row in rows if row.code < "2")
    assert sorted(change.key for change in changes) == few
    assert {(c.before["name"] != "室", c.after["name"]) for c in changes} == {(True, "室")}


def test_a_row_under_another_key_is_one_gone_and_one_come():
    section = Section.objects.create(
        agency=make.agency(), code="1", name="課", recorded_by=make.recorder()
    )
    other = section.pk + 100
    changes = written(lambda: Section.objects.filter(pk=section.pk).update(id=other))
    assert {(c.action, c.key) for c in changes} == {
        ("delete", str(section.pk)),
        ("insert", str(other)),
    }


def test_what_is_written_again_as_it_was_is_no_change():
    agency = make.agency()
    assert written(lambda: Agency.objects.filter(pk=agency.pk).update(name=agency.name)) == []


def test_what_is_replaced_is_recorded_as_gone(sqlite_only):
    agency = make.agency()
    table = next(table for table in tables() if table.model is Agency)
    names = ", ".join(f'"{field.column}"' for field in table.columns)

    def replace():
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT OR REPLACE INTO outsourcing_agency ({names}) SELECT {names}"  # noqa: S608
                " FROM outsourcing_agency WHERE id = %s",
                [agency.pk],
            )

    assert [change.action for change in written(replace)] == ["delete", "insert"]


def test_a_password_is_never_recorded():
    user = make.user()
    user.set_password("another secret of fiscal 2017")
    user.full_name = "別名"
    changes = written(user.save)
    assert [change.after["full_name"] for change in changes] == ["別名"]
    everything = json.dumps(list(Change.objects.values_list("before", "after")))
    assert '"password":' not in everything
    assert "md5$" not in everything


def test_what_is_rolled_back_leaves_no_record():
    def undone():
        with transaction.atomic():
            make.agency()
            transaction.set_rollback(True)

    assert written(undone) == []


def test_a_record_says_whose_row_it_is():
    agency = make.agency()
    contract = make.contract(agency=agency)
    found = Change.objects.filter(agency_id=agency.pk).values_list("table", "key")
    assert {
        ("outsourcing_agency", str(agency.pk)),
        ("outsourcing_agencyname", str(agency.names.get().pk)),
        ("outsourcing_contract", str(contract.pk)),
    } == set(found)
    assert not Change.objects.exclude(agency_id=None).exclude(agency_id=agency.pk).exists()
