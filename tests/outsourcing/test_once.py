"""A form that is sent twice counts once: one after the other, at the same moment, and after a first
that failed."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone

from outsourcing import once
from outsourcing.actions import contractors
from outsourcing.models import Contractor, Submission
from outsourcing.once import PAGE, OnceForm, Repeated
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope
from tests import factories as make
from tests.outsourcing.test_writing_at_once import PATIENCE, at_once

NAME = "株式会社二重送信"


class AddForm(OnceForm):
    """As forms do that add something."""

    def send(self, *, by, action=None) -> bool:
        return self.carry_out_once(action or (lambda: add(by)), by=by)


def add(by) -> Contractor:
    return contractors.add(by=by, name=NAME, no_number_reason="unknown")


def refuse():
    raise ValidationError("会社名が読めません。")


def sent(key) -> AddForm:
    return AddForm({"once": str(key)})


def typed(key=None, *, form=AddForm, name=NAME, **more) -> AddForm:
    """Sent from a page that says which it is."""
    data = QueryDict(mutable=True)
    for field, value in ({PAGE: "/contractors/new/", "name": name} | more).items():
        data.setlist(field, value if isinstance(value, list) else [value])
    data["once"] = str(key or uuid4())
    return form(data)


def added() -> int:
    return Contractor.objects.filter(name=NAME).count()


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_the_second_does_nothing_and_says_so(self):
        key, by = uuid4(), make.recorder()
        first, second = sent(key), sent(key)
        assert first.send(by=by)
        assert second.send(by=by)
        assert (first.repeated, second.repeated) == (False, True)
        assert first.result.name == NAME
        assert added() == 1

    def test_under_another_key_it_is_another(self):
        by = make.recorder()
        assert all(sent(uuid4()).send(by=by) for _ in range(2))
        assert added() == 2

    def test_each_page_has_a_key_of_its_own(self):
        keys = {AddForm()["once"].value() for _ in range(3)}
        assert len(keys) == 3
        assert str(AddForm()["once"]).startswith('<input type="hidden"')

    @pytest.mark.parametrize("key", ["", "x", "0" * 31])
    def test_without_a_key_nothing_is_done(self, key):
        form = sent(key)
        assert not form.send(by=make.recorder())
        assert form.status == 400
        assert added() == 0

    def test_the_key_is_no_value_of_the_form(self):
        form = sent(uuid4())
        assert form.is_valid()
        assert form.values == {}

    def test_one_that_was_refused_can_be_sent_again(self):
        key, by = uuid4(), make.recorder()
        first, second = sent(key), sent(key)
        assert not first.send(by=by, action=refuse)
        assert first.non_field_errors() == ["会社名が読めません。"]
        assert second.send(by=by)
        assert not second.repeated
        assert added() == 1

    def test_one_that_broke_off_half_way_has_done_nothing_and_can_be_sent_again(self):
        key, by = uuid4(), make.recorder()

        def break_off():
            add(by)
            raise RuntimeError("out of paper")

        with pytest.raises(RuntimeError):
            sent(key).send(by=by, action=break_off)
        assert (added(), Submission.objects.count()) == (0, 0)
        assert sent(key).send(by=by)
        assert added() == 1

    def test_what_a_page_takes_back_after_all_can_be_sent_again(self):
        """On PostgreSQL the whole answer is one transaction, undone where it fails."""
        key, by = uuid4(), make.recorder()
        with transaction.atomic():
            assert sent(key).send(by=by)
            transaction.set_rollback(True)
        assert sent(key).send(by=by)
        assert added() == 1

    def test_a_key_of_another_user_is_refused_and_tells_nothing(self):
        key, other = uuid4(), make.user()
        assert sent(key).send(by=make.recorder())
        form = sent(key)
        assert not form.send(by=other)
        assert form.non_field_errors() == ["この画面はもう使えません。開き直してください。"]
        assert not form.repeated
        assert added() == 1


@pytest.mark.django_db
class TestAPageGoneBackTo:
    """A browser then shows what was typed under a new key, or under the same."""

    @pytest.fixture
    def by(self):
        return make.recorder()

    def test_the_same_under_a_new_key_is_asked_about_and_done_if_it_is_meant(self, by):
        assert typed().send(by=by)
        again = uuid4()
        form = typed(again)
        assert not form.send(by=by)
        at = timezone.localtime(Submission.objects.latest("at").at)
        assert f"同じ内容を{at:%H時%M分}に記録しています" in form.non_field_errors()[0]
        assert form.status == 400
        assert added() == 1
        form = typed(again)
        assert form.send(by=by)
        assert not form.repeated
        assert added() == 2
        assert typed(again).send(by=by)
        assert added() == 2

    @pytest.mark.parametrize(
        "other",
        [{"name": "別の名称"}, {PAGE: "/elsewhere/"}, {"more": ["1", "2"]}],
    )
    def test_anything_else_is_not(self, by, other):
        assert typed().send(by=by)
        assert typed(**other).send(by=by)
        assert added() == 2

    def test_nor_is_what_another_sends_or_what_no_page_is_named_of(self, by):
        for user, of in ((by, {}), (make.user(), {}), (by, {PAGE: ""}), (by, {PAGE: ""})):
            assert typed(**of).send(by=user)
        assert added() == 4

    def test_nor_where_records_are_alike_as_a_rule(self, by):
        class Plain(AddForm):
            asks = False

        assert all(typed(form=Plain).send(by=by) for _ in range(2))
        assert added() == 2

    @pytest.mark.parametrize(("more", "asked"), [(-1, True), (0, False), (1, False)])
    def test_after_an_hour_it_is_not_asked_about(self, by, more, asked):
        assert typed().send(by=by)
        Submission.objects.update(at=timezone.now() - timedelta(hours=1, seconds=more))
        assert typed().send(by=by) is not asked

    def test_what_was_refused_has_not_been_sent(self, by):
        assert not typed().send(by=by, action=refuse)
        assert typed().send(by=by)
        assert added() == 1

    def test_something_else_under_the_same_key_is_something_new(self, by):
        """Whoever goes back to enter the next one like the last loses nothing."""
        key = uuid4()
        first, second, third = typed(key), typed(key, name="次の会社"), typed(key)
        assert all(form.send(by=by) for form in (first, second, third))
        assert [form.repeated for form in (first, second, third)] == [False, False, True]
        assert added() == 2

    def test_what_a_page_carries_beside_it_makes_no_difference(self, by):
        key = uuid4()
        assert typed(key).send(by=by)
        carried = {"csrfmiddlewaretoken": "x", "unsent": "y", "of-page": "z", "fragment": "1"}
        form = typed(key, **carried)
        assert form.send(by=by)
        assert form.repeated

    def test_a_file_belongs_to_what_is_sent(self, by):
        key = uuid4()
        for number, (name, content) in enumerate([("a", b"1"), ("b", b"1"), ("b", b"12")], 1):
            files = {"file": SimpleUploadedFile(name, content)}
            form = AddForm({"once": str(key), PAGE: "/x/"}, files)
            assert form.send(by=by)
            assert added() == number


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    @pytest.mark.parametrize("number", [2, 6])
    def test_one_is_carried_out(self, number):
        key, by = uuid4(), make.recorder()
        forms = [sent(key) for _ in range(number)]
        assert all(at_once(*(lambda form=form: form.send(by=by) for form in forms)))
        assert [form.repeated for form in forms].count(False) == 1
        assert added() == 1

    def test_within_the_transaction_of_a_request(self):
        key, by, scope = uuid4(), make.recorder(), Scope.everything()
        forms = [sent(key) for _ in range(3)]

        def request(form):
            with seen_by(scope):
                return form.send(by=by)

        assert all(at_once(*(lambda form=form: request(form) for form in forms)))
        assert [form.repeated for form in forms].count(False) == 1
        assert added() == 1

    def test_of_two_tabs_with_the_same_content_one_is_asked(self):
        by = make.recorder()
        forms = [typed(), typed()]
        done = at_once(*(lambda form=form: form.send(by=by) for form in forms))
        assert sorted(done) == [False, True]
        assert added() == 1

    def test_of_two_users_with_one_key_one_is_refused(self):
        key, users = uuid4(), [make.user(), make.user()]
        forms = [sent(key) for _ in users]
        pairs = zip(forms, users, strict=True)
        done = at_once(*(lambda form=form, by=by: form.send(by=by) for form, by in pairs))
        assert sorted(done) == [False, True]
        assert added() == 1

    def test_the_second_waits_for_the_first_and_goes_ahead_where_that_fails(self):
        key, by = uuid4(), make.recorder()
        begun, forms = threading.Event(), [sent(key), sent(key)]

        def fails():
            begun.set()
            threading.Event().wait(PATIENCE)  # the other comes meanwhile
            refuse()

        def follows():
            assert begun.wait(30)
            return forms[1].send(by=by)

        done = at_once(lambda: forms[0].send(by=by, action=fails), follows)
        assert done == [False, True]
        assert not forms[1].repeated
        assert added() == 1


@pytest.mark.django_db
def test_the_key_goes_with_what_it_did():
    """Where an action outside of forms is to count once."""
    key, by = uuid4(), make.recorder()
    assert once.once(key, lambda: add(by), by=by).name == NAME
    with pytest.raises(Repeated):
        once.once(key, lambda: add(by), by=by)
    assert Submission.objects.get().user == by
    assert not connection.needs_rollback


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "there"), [(-1, True), (0, True), (1, False)])
def test_keys_are_forgotten_after_so_long(more, there):
    key, by, now = uuid4(), make.recorder(), timezone.now()
    assert sent(key).send(by=by)
    Submission.objects.update(at=now - timedelta(days=90, seconds=more))
    once.forget(before=now - timedelta(days=90))
    assert Submission.objects.exists() is there
