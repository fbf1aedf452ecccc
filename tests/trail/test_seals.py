"""Seals cover every record once, whoever is writing meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from accounts.models import User
from outsourcing.models import Section
from tests import factories as make
from tests.pages import client_of
from trail import accesses, seals
from trail.models import Access, Change, Kind, Seal
from trail.verification import Verified, verify

pytestmark = pytest.mark.django_db


def records() -> int:
    return Change.objects.count() + Access.objects.count()


def write(number: int) -> None:
    for n in range(number):
        User.objects.create(username=f"u{User.objects.count()}-{n}")


def test_a_seal_covers_changes_and_accesses_together():
    write(3)
    accesses.record(Kind.READ, object="A01-2017-00001")
    write(1)
    (made,) = seals.seal()
    assert (made.number, made.first, made.previous) == (1, 1, "")
    assert [entry.number for entry in seals.unpack(made.digests)] == sorted(
        [*Change.objects.values_list("number", flat=True), Access.objects.get().number]
    )
    assert verify() == Verified(records=5, seals=1, unsealed=0)


def test_what_is_sealed_is_not_sealed_again():
    write(2)
    seals.seal()
    assert seals.seal() == []
    write(1)
    assert verify() == Verified(records=2, seals=1, unsealed=1)
    (second,) = seals.seal()
    first = Seal.objects.get(number=1)
    assert (second.number, second.first, second.previous) == (2, first.last + 1, first.hash)


def test_much_is_sealed_in_parts(monkeypatch):
    monkeypatch.setattr(seals, "MOST", 4)
    write(9)
    assert [len(made.digests) // seals.ENTRY for made in seals.seal()] == [4, 4, 1]


def test_nothing_is_sealed_where_nothing_was_written():
    assert seals.seal() == []
    assert verify() == Verified(0, 0, 0)


class TestWhenASealIsDue:
    def due(self, *, after: timedelta) -> bool:
        before = Seal.objects.count()
        seals.seal_if_due(now=seals.newest().made_at + after)
        return Seal.objects.count() > before

    def test_the_first_record_is_sealed_at_once(self):
        write(1)
        seals.seal_if_due()
        assert Seal.objects.count() == 1

    @pytest.mark.parametrize(
        ("after", "due"),
        [
            (timedelta(minutes=59, seconds=59), False),
            (timedelta(minutes=60), False),
            (timedelta(minutes=60, seconds=1), True),
        ],
    )
    def test_then_when_the_newest_seal_is_older_than_an_hour(self, after, due):
        write(1)
        seals.seal()
        write(1)
        assert self.due(after=after) == due

    @pytest.mark.parametrize(("number", "due"), [(3, False), (4, True)])
    def test_or_when_many_records_wait(self, monkeypatch, number, due):
        monkeypatch.setattr(seals, "MANY", 3)
        write(1)
        seals.seal()
        write(number)
        assert self.due(after=timedelta(0)) == due

    def test_never_where_nothing_waits(self):
        write(1)
        seals.seal()
        assert not self.due(after=timedelta(days=9))

    def test_a_request_that_may_write_seals_afterwards(self):
        client = client_of(make.user())
        client.get("/account/")
        assert not Seal.objects.exists()
        client.post("/logout/")
        assert seals.newest().last == Access.objects.get(kind="sign_out").number


@pytest.mark.django_db(transaction=True)
class TestWritersInFlight:
    def test_nothing_is_sealed_while_a_record_is_still_to_come(self, postgresql_only):
        """Its number is lower than that of the other, which is committed already."""
        written, sealed = threading.Event(), threading.Event()

        def write_slowly():
            with transaction.atomic():
                write(1)
                written.set()
                sealed.wait(30)
            connections.close_all()

        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(write_slowly)
            written.wait(30)
            User.objects.create(username="quick")
            with pytest.raises(seals.Busy):
                seals.seal()
            sealed.set()
            slow.result()
        (made,) = seals.seal()
        assert len(made.digests) // seals.ENTRY == 2
        assert verify() == Verified(2, 1, 0)

    def test_writers_and_sealers_at_once_leave_a_trail_that_holds(self, postgresql_only):
        agency, by = make.agency(), make.recorder()
        done = threading.Event()

        def write_much(writer):
            for n in range(12):
                with transaction.atomic():
                    for part in "ab":
                        code = f"{writer}-{n}{part}"
                        Section.objects.create(agency=agency, code=code, name="課", recorded_by=by)
                    transaction.set_rollback(n % 3 == 2)
            connections.close_all()

        def seal_on():
            while not done.is_set():
                with suppress(seals.Busy):
                    seals.seal()
            connections.close_all()

        with ThreadPoolExecutor(5) as pool:
            sealers = [pool.submit(seal_on) for _ in range(2)]
            writers = [pool.submit(write_much, writer) for writer in range(3)]
            for writer in writers:
                writer.result()
            done.set()
            for sealer in sealers:
                sealer.result()
        seals.seal()
        assert Section.objects.count() == 3 * 8 * 2
        assert verify() == Verified(records(), Seal.objects.count(), 0)


class TestCommands:
    def test_the_newest_seal_is_taken_out_and_the_trail_held_against_it(self, tmp_path, capsys):
        write(3)
        file = tmp_path / "seal.json"
        call_command("seal_trail", export=file)
        write(1)
        call_command("verify_trail", seal=file)
        assert (
            "記録3件と封印1件を確かめました。違いはありません。まだ封印していない記録は1件です。"
            in (capsys.readouterr().out)
        )

    def test_without_a_seal_it_says_what_it_cannot_see(self, capsys):
        call_command("verify_trail")
        assert "末尾の切取り" in capsys.readouterr().out

    def test_a_trail_that_does_not_match_ends_in_an_error_that_names_the_record(self, tmp_path):
        write(1)
        file = tmp_path / "seal.json"
        call_command("seal_trail", export=file)
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"number": 1', '"number": 2'), encoding="utf-8")
        with pytest.raises(CommandError, match="封印2から後がありません"):
            call_command("verify_trail", seal=file)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"number": "x", "hash": ""}'])
    def test_what_is_no_seal_is_refused(self, tmp_path, text):
        file = tmp_path / "seal.json"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(CommandError, match=r"seal\.json を読めません"):
            call_command("verify_trail", seal=file)

    def test_where_there_is_nothing_nothing_can_be_taken_out(self, tmp_path):
        with pytest.raises(CommandError, match="封印がありません"):
            call_command("seal_trail", export=tmp_path / "seal.json")


def test_a_record_hashes_as_it_is_described():
    """By the words of ``seals``, and no code of it."""
    import hashlib
    import json

    accesses.record(Kind.READ, object="契約", agency_id=7)
    (made,) = seals.seal()
    access = Access.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(at AS text) FROM trail_access")
        at = cursor.fetchone()[0]
    if connection.vendor == "postgresql":
        at = access.at.isoformat(timespec="microseconds")
    values = ["access", access.number, at, "", None, "", "", "", 7, "read", "契約", None, None, ""]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).digest()
    assert bytes(made.digests) == access.number.to_bytes(8, "big") + digest
    whole = [
        1, 1, access.number, "", made.made_at.isoformat(timespec="microseconds"),
        hashlib.sha256(made.digests).hexdigest(),
    ]  # fmt: skip
    text = json.dumps(whole, separators=(",", ":"))
    assert made.hash == hashlib.sha256(text.encode()).hexdigest()
