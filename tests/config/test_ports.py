"""The port: chosen by option or PORT, refused clearly."""

import socket
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.ports import PortError, ensure_free, main, wanted_port


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_the_option_goes_before_the_environment_and_that_before_8000(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert wanted_port() == 8000
    monkeypatch.setenv("PORT", "8123")
    assert wanted_port() == 8123
    assert wanted_port("9000") == 9000


@pytest.mark.parametrize("text", ["abc", "", "0", "65536", "-1", "80.5", "８０００", "8_000"])
def test_what_is_no_port_is_named(text):
    with pytest.raises(PortError, match=f"「{text}」"):
        wanted_port(text)


def test_a_taken_port_is_refused_with_another_to_try(taken):
    with pytest.raises(PortError, match=rf"ポート {taken} .*PORT=\d+ make run"):
        ensure_free(taken)


def test_serve_refuses_before_it_asks_the_database(taken):
    with pytest.raises(CommandError, match=str(taken)) as refused:
        call_command("serve", port=str(taken), stdout=StringIO())
    assert refused.value.returncode == 1


def test_run_by_itself_it_says_why_and_fails(taken, monkeypatch, capsys):
    monkeypatch.setenv("PORT", str(taken))
    assert main() == 1
    assert str(taken) in capsys.readouterr().err
