"""Queries composed once say the same as those composed each time."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from outsourcing.models import Contract
from outsourcing.prepared import HIGHEST, Composed, Prepared
from outsourcing.scope import Scope
from tests import factories as make

pytestmark = pytest.mark.django_db


def by_key():
    return Prepared(
        lambda among: (
            Contract.objects.filter(among("pk")).order_by("pk").values_list("pk", "first_day")
        )
    )


def plainly(ids) -> list[tuple]:
    return list(Contract.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "first_day"))


@pytest.fixture
def contracts():
    return [make.contract().pk for _ in range(5)]


def test_one_key_some_keys_and_keys_far_apart(contracts):
    ask = by_key()
    first, *_, last = contracts
    for ids in ([first], [last], contracts, [first, last + 1000], [last + 1]):
        assert list(ask(ids)) == plainly(ids)
        assert list(ask(ids)) == plainly(ids)  # asked again


def test_what_is_written_since_is_seen(contracts):
    ask = by_key()
    assert list(ask([contracts[-1] + 1])) == []
    later = make.contract().pk
    assert list(ask([later])) == plainly([later])


def test_first_asked_in_a_transaction_that_is_taken_back(contracts):
    ask = by_key()
    with transaction.atomic():
        asked = list(ask(contracts[:1]))
        transaction.set_rollback(True)
    assert list(ask(contracts[:1])) == asked == plainly(contracts[:1])


def test_each_reader_has_a_statement_of_its_own(contracts):
    composed = Composed()
    agency = Contract.objects.get(pk=contracts[0]).agency_id

    def seen(scope) -> set[int]:
        rows = composed.rows(
            scope, lambda: Contract.objects.visible_to(scope).order_by().values_list("pk")
        )
        return {pk for (pk,) in rows}

    other = make.contract(agency=make.agency())
    scopes = [Scope.everything(), Scope.of([agency]), Scope.of([other.agency_id]), Scope.nothing()]
    for _ in range(2):  # the second time as composed the first
        assert [len(seen(scope)) for scope in scopes[:2]] == [
            Contract.objects.count(),
            Contract.objects.filter(agency=agency).count(),
        ]
        assert seen(scopes[2]) == {other.pk}
        assert seen(scopes[3]) == set()


def test_all_are_forgotten_before_there_are_too_many(contracts, monkeypatch):
    monkeypatch.setattr(Composed, "MOST", 2)
    composed = Composed()
    for pk in [*contracts, *contracts]:
        rows = composed.rows(pk, lambda pk=pk: Contract.objects.filter(pk=pk).values_list("pk"))
        assert rows == [(pk,)]
        assert len(composed._known) <= 2


def test_planned_once_says_the_same_whatever_is_asked_for():
    half, whole, other = (make.contract(title=t).pk for t in ("50%の%s", "100%の%s", "100の%s"))
    composed, asked = Composed(planned_once=True), []

    def compose():
        rows = Contract.objects.filter(title__contains="%の%s", pk__lte=HIGHEST)
        return rows.order_by("pk").values_list("pk", "title", "first_day")

    for highest in (half, whole, other, half):
        found = composed.rows("key", compose, {HIGHEST: highest})
        asked.append([pk for pk, *_ in found])
        assert found == list(
            Contract.objects.filter(title__contains="%の%s", pk__lte=highest)
            .order_by("pk")
            .values_list("pk", "title", "first_day")
        )
    assert asked == [[half], [half, whole], [half, whole], [half]]


def test_counted_likewise(contracts):
    composed = Composed(planned_once=True)
    for _ in range(3):
        assert composed.count("key", lambda: Contract.objects.values_list("pk")) == 5
        assert len(composed.rows("key", lambda: Contract.objects.values_list("pk"))) == 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL's plans")
def test_the_server_keeps_the_plan_of_what_is_asked_twice():
    composed = Composed(planned_once=True)

    def plans() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%kept plan%'"
            )
            return cursor.fetchone()[0]

    kept = []
    for _ in range(4):
        composed.rows("key", lambda: Contract.objects.filter(title="kept plan").values_list("pk"))
        kept.append(plans())
    assert kept == [0, 1, 1, 1]
