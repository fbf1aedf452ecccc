"""PostgreSQL itself shows the rows of an agency to nobody else, and lets nobody else write them."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, connections, transaction

from config.checks import _role_problems
from guideline.models import Finding
from outsourcing.actions import contractors
from outsourcing.models import Agency, Contract, Section, Shareholding
from outsourcing.row_security import POLICY, protected_models, seen_by
from outsourcing.scope import Scope
from tests import factories as make
from trail import seals
from trail.accesses import record
from trail.models import Access, Change, Kind
from trail.verification import verify

pytestmark = pytest.mark.django_db

# Tables that name an agency, and whose rows are shown to everybody who is signed in, or are read
# before it is known who asks.
OPEN = {"AgencyName", "Listing", "Membership", "DownloadLimit", "DownloadNotice"}
RECORDS = {"Change", "Access"}  # of what was done; they name an agency without a foreign key


def test_every_table_of_an_agency_is_protected():
    naming = {
        model.__name__
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if field.name == "agency" and field.related_model is Agency
    }
    assert naming - OPEN | RECORDS == {model.__name__ for model in protected_models()}


def test_every_protected_table_has_its_policy_in_the_database(postgresql_only):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [POLICY])
        found = {table for (table,) in cursor.fetchall()}
    assert found == {model._meta.db_table for model in protected_models()}


@pytest.fixture
def two(postgresql_only) -> tuple[Agency, Agency]:
    """Two agencies with a contract that breaks the law each."""
    agencies = make.agency(), make.agency()
    for agency in agencies:
        make.link(contract=make.contract(agency=agency))
    return agencies


def seen(model) -> set[int]:
    return set(model.objects.values_list("agency_id", flat=True))


def test_a_transaction_sees_the_rows_of_its_agencies_alone(two):
    own, other = two
    with seen_by(Scope.of([own.pk])):
        assert seen(Contract) == seen(Finding) == {own.pk}
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT agency_id FROM outsourcing_subcontract")
            assert cursor.fetchall() == [(own.pk,)]
    with seen_by(Scope.of([own.pk, other.pk])):
        assert seen(Contract) == {own.pk, other.pk}
    with seen_by(Scope.everything()):
        assert seen(Contract) == {own.pk, other.pk}


def test_a_transaction_that_may_see_nothing_sees_nothing(two):
    with seen_by(Scope.nothing()):
        assert seen(Contract) == seen(Finding) == set()


def test_afterwards_it_sees_what_it_saw_before(two):
    own, other = two
    with seen_by(Scope.of([own.pk, other.pk])):
        with seen_by(Scope.of([own.pk])):
            pass
        assert seen(Contract) == {own.pk, other.pk}
        with pytest.raises(ZeroDivisionError), seen_by(Scope.of([own.pk])):
            _ = 1 / 0
        assert seen(Contract) == {own.pk, other.pk}
        with seen_by(Scope.of([own.pk])) as undo:
            undo()
        assert seen(Contract) == {own.pk, other.pk}


def test_what_was_done_for_another_agency_is_not_seen_and_what_is_of_none_is(two):
    own, other = two
    for agency_id in (own.pk, other.pk, None):
        record(Kind.READ, agency_id=agency_id)
    with seen_by(Scope.of([own.pk])):
        assert {row.agency_id for row in Access.objects.all()} == {own.pk, None}
        assert {row.agency_id for row in Change.objects.all()} == {own.pk, None}


def test_the_records_of_all_are_sealed_whoever_asked(two):
    own, _ = two
    with seen_by(Scope.of([own.pk])):
        seals.seal()
    assert verify().unsealed == 0


def test_rows_of_another_agency_cannot_be_written(two):
    own, other = two
    with seen_by(Scope.of([own.pk])):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Section.objects.create(agency=other, code="1", name="課", recorded_by=make.recorder())
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Contract.objects.filter(agency=own).update(agency=other)
        assert Contract.objects.filter(agency=other).update(title="書換え") == 0
    assert not Contract.objects.filter(title="書換え").exists()


def test_what_is_undone_is_not_written(two):
    own, _ = two
    with seen_by(Scope.of([own.pk])) as undo:
        Contract.objects.update(title="書換え")
        undo()
    assert not Contract.objects.filter(title="書換え").exists()


def test_who_sees_some_ledgers_only_cannot_change_what_bears_on_all(two):
    own, _ = two
    holder, held = make.contractor(), make.contractor()
    with seen_by(Scope.of([own.pk])):
        for change in (
            lambda: make.holding(holder=holder, held=held),
            lambda: contractors.dissolve(held, by=make.recorder(), on=date(2018, 1, 1)),
        ):
            with pytest.raises(PermissionDenied, match="調査担当"), transaction.atomic():
                change()
        contractors.correct(held, by=make.recorder(), name="改称した会社")
    with seen_by(Scope.everything()):
        make.holding(holder=holder, held=held)


class TestBeforeServing:
    def test_the_role_of_the_suite_is_bound_by_it(self, postgresql_only):
        assert list(_role_problems(connection)) == []

    @pytest.mark.parametrize(
        ("user", "why"), [("ledger_owner", "表の所有者"), ("postgres", "スーパーユーザー")]
    )
    def test_a_role_that_it_does_not_bind_is_refused(self, postgresql_only, user, why):
        other = connections.create_connection("default")
        other.settings_dict = {**connection.settings_dict, "USER": user, "OPTIONS": {}}
        try:
            (problem,) = _role_problems(other)
        finally:
            other.close()
        assert problem.id == "config.E002"
        assert why in problem.msg

    def test_a_table_without_it_is_refused(self, postgresql_only, monkeypatch):
        """As if the holdings, a master common to all, were an agency's own."""
        monkeypatch.setattr(Shareholding, "row_security", True, raising=False)
        (problem,) = _role_problems(connection)
        assert problem.id == "config.E003"
