"""Who, in which request and why: said once, told beside each change, and nowhere else."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, connections, transaction

from outsourcing.models import Agency
from tests import factories as make
from tests.pages import client_of
from trail.context import acting
from trail.models import Access, Change

pytestmark = pytest.mark.django_db
YAMADA = {
    "user": "山田", "user_id": 3, "request": "abc", "address": "192.0.2.1", "reason": "訂正",
}  # fmt: skip
NOBODY = ("", None, "", "", "")


@pytest.fixture
def rename():
    agency = make.agency()

    def rename(name: str) -> tuple:
        """Write, and tell how it was recorded."""
        Agency.objects.filter(pk=agency.pk).update(name=name)
        change = Change.objects.latest("number")
        return (change.who, change.who_id, change.request, change.address, change.reason)

    return rename


def test_a_change_tells_who_made_it_in_which_request_and_why(rename):
    with acting(**YAMADA):
        assert rename("甲") == tuple(YAMADA.values())


def test_nothing_is_told_after_the_end(rename):
    with acting(**YAMADA):
        pass
    assert rename("甲") == NOBODY


def test_what_is_not_said_again_still_holds(rename):
    with acting(**YAMADA):
        with acting(reason="別の理由"):
            assert rename("甲") == (*tuple(YAMADA.values())[:-1], "別の理由")
        assert rename("乙") == tuple(YAMADA.values())


def test_it_ends_with_its_block_within_a_longer_transaction(rename):
    with transaction.atomic():
        with transaction.atomic(), acting(**YAMADA):
            rename("甲")
        assert rename("乙") == NOBODY


def test_it_holds_on_after_a_savepoint_within_is_taken_back(rename):
    with acting(**YAMADA):
        with transaction.atomic():
            with acting(user="別人"):
                rename("甲")
            transaction.set_rollback(True)
        assert rename("乙") == tuple(YAMADA.values())


def test_a_refusal_of_the_database_within_hides_no_other_error(rename):
    with (
        pytest.raises(DatabaseError, match="no_such_table"),
        transaction.atomic(),
        acting(**YAMADA),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM no_such_table")
    assert rename("甲") == NOBODY


@pytest.mark.django_db(transaction=True)
class TestOutsideOfATransaction:
    def test_it_holds_for_transactions_within_and_no_longer(self, rename):
        with acting(**YAMADA):
            assert rename("甲") == tuple(YAMADA.values())
            with transaction.atomic():
                assert rename("乙") == tuple(YAMADA.values())
            assert rename("丙") == tuple(YAMADA.values())
        assert rename("丁") == NOBODY

    def test_a_new_connection_is_told(self, rename):
        with acting(**YAMADA):
            connections["default"].close()
            assert rename("甲") == tuple(YAMADA.values())
        assert rename("乙") == NOBODY


class TestRequests:
    def test_signing_out_is_recorded_with_who_and_where(self):
        user = make.user(name="hanako")
        response = client_of(user).post("/logout/", REMOTE_ADDR="192.0.2.7")
        access = Access.objects.get(kind="sign_out")
        assert (access.who, access.who_id, access.address) == (str(user), user.pk, "192.0.2.7")
        assert access.request == response.headers["X-Request-ID"]

    def test_each_request_has_a_number_of_its_own(self):
        client = client_of(make.user())
        numbers = {client.get("/account/").headers["X-Request-ID"] for _ in range(3)}
        assert len(numbers) == 3
        assert all(len(number) == 32 for number in numbers)

    def test_a_later_request_is_not_taken_for_an_earlier(self, rename):
        client_of(make.user()).get("/account/")
        assert rename("甲") == NOBODY

    def test_behind_a_proxy_it_is_the_address_the_proxy_saw(self, settings):
        settings.TRUSTED_PROXIES = 1
        client_of(make.user()).post(
            "/logout/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.9"
        )
        assert Access.objects.get(kind="sign_out").address == "192.0.2.9"
