"""Which passwords pass, and what follows from changing one."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.actions import passwords
from accounts.models import User
from accounts.sign_in.passwords import repeated_piece
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import refused

pytestmark = pytest.mark.django_db

NEW = "awai hikari no naka de"


@pytest.mark.parametrize(
    "password",
    [
        "a" * 3 + "xyzzy plugh!",  # 15
        "とても長くて覚えやすい合い言葉です",
        "928374650192837",  # digits alone: no rule of composition
        "abcdefg-" * 15 + "12345678",  # 128
    ],
)
def test_long_ones_pass_whatever_they_are_made_of(password):
    validate_password(password)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("aaaxyzzy plugh", "15 文字以上"),  # 14
        ("x-%y" * 31 + "lmno,", "128 文字まで"),  # 129
        ("taro.yamada.2026", "ユーザー名 と似すぎ"),
        ("1qaz2wsx3edc4rfv", "一般的すぎ"),
        ("passwordpassword", "繰返し"),
        ("PasswordPassword", "繰返し"),
        ("123412341234123", "繰返し"),
        ("a" * 20, "繰返し"),
    ],
)
def test_others_are_refused_in_japanese(password, said):
    with pytest.raises(ValidationError) as error:
        validate_password(password, User(username="taro.yamada"))
    assert said in "".join(error.value.messages)
    assert password not in "".join(error.value.messages)


def test_the_piece_that_is_repeated():
    assert repeated_piece("passwordpassword") == "password"
    assert repeated_piece("123412341") == "1234"
    assert repeated_piece("abcabd") == "abcabd"
    assert repeated_piece("") == ""


def change(client, old=make.PASSWORD, new=NEW, again=None):
    data = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post("/account/password/", data)


def test_after_a_change_all_other_sessions_are_over_and_this_one_has_a_new_key():
    user = make.user()
    here, there = client_of(user), client_of(user)
    assert there.get("/account/").status_code == 200
    key = here.session.session_key
    response = change(here)
    assert response.status_code == 302
    page = here.get(response.url)
    assert page.status_code == 200
    assert "ほかの端末やブラウザでのログインは、すべて終わりました" in text(page)
    assert here.session.session_key != key
    response = there.get("/account/")
    assert response.status_code == 302
    assert "パスワードが変わったか" in text(there.get(response.url))
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_the_old_password_is_asked_for_and_guesses_at_it_are_throttled():
    user = make.user()
    client = client_of(user)
    for _ in range(5):
        assert "パスワードが違います" in text(change(client, old="wrong"))
    assert "続けて誤ったため、今は確かめられません" in text(change(client))
    user.refresh_from_db()
    assert user.check_password(make.PASSWORD)


def test_the_new_one_must_be_another_and_be_typed_twice_alike():
    client = client_of(make.user())
    assert "今と同じパスワードにはできません" in text(change(client, new=make.PASSWORD))
    assert "一致しません" in text(change(client, again=NEW + "!"))


def test_a_password_given_by_somebody_else_opens_nothing_but_its_change():
    user, admin = make.user(), make.user()
    passwords.give(user, by=admin, password="given by another")
    client = client_of(user)
    for address in ("/", "/account/", "/contracts/", "/account/second-factor/"):
        assert client.get(address).url == "/account/password/"
    assert client.get("/session/").status_code == 200
    assert "ほかの人が決めたものです" in text(client.get("/account/password/"))
    assert change(client, old="given by another").url == "/"
    assert client.get("/account/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password


def test_the_action_refuses_what_the_validators_and_sameness_forbid():
    user = make.user()
    with refused("今と同じ"):
        passwords.change(by=user, password=make.PASSWORD)
    with refused("15 文字以上"):
        passwords.change(by=user, password="short")
    with refused("15 文字以上"):
        passwords.give(user, by=user, password="short")
