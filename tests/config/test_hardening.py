"""What the production settings promise, and what no page holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from accounts.actions import second_factor
from accounts.models import Role
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, downloads, pages_of_ledger, pages_of_round

BEHIND_TLS = {
    "BEHIND_TLS": "1",
    "ALLOWED_HOSTS": "daicho.example.go.jp",
    "CSRF_TRUSTED_ORIGINS": "https://daicho.example.go.jp",
    "TRUSTED_PROXIES": "1",
}
# What the suite itself is run with, or sets for its browser.
OF_THE_SUITE = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DEBUG",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "SECRET_KEY",
)


@pytest.fixture
def production(tmp_path):
    """Runs the interpreter with the settings of a server behind TLS."""
    environment = {name: os.environ[name] for name in os.environ if name not in OF_THE_SUITE}
    environment |= BEHIND_TLS | {"LEDGER_VAR": str(tmp_path)}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return run


def test_the_check_for_deployment_finds_nothing(production):
    checked = production("manage.py", "check", "--deploy", "--fail-level", "DEBUG")
    assert checked.returncode == 0, checked.stderr
    assert "no issues (1 silenced)" in checked.stdout
    assert "WARNING" not in checked.stdout + checked.stderr


def test_without_tls_the_same_check_would_find_something(production):
    bare = production("-c", CHECK_WITHOUT_TLS)
    assert "security.W012" in bare.stderr + bare.stdout


CHECK_WITHOUT_TLS = """
import os, sys
del os.environ["BEHIND_TLS"]
sys.argv = ["manage.py", "check", "--deploy", "--fail-level", "DEBUG"]
exec(open("manage.py").read())
"""

ASK = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.STATIC_ROOT.mkdir()
client = Client(headers={"host": "daicho.example.go.jp"})
plain = client.get("/login/")
print(plain.status_code, plain["Location"])
answer = client.get("/account/", headers={"x-forwarded-proto": "https"})
print(answer.status_code, answer["Strict-Transport-Security"])
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
"""


def test_behind_tls_all_is_https(production):
    ran = production("-c", ASK)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "301 https://daicho.example.go.jp/login/",
        "302 max-age=31536000; includeSubDomains",
        "True True",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_out_of_reach_for_scripts_and_end_with_the_browser(settings, secure):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    user = make.user()
    answer = Client().post("/login/", {"username": user.username, "password": make.PASSWORD})
    assert set(answer.cookies) == {"csrftoken", "sessionid", "worked"}
    for cookie in answer.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert bool(cookie["secure"]) is secure
    for name in ("sessionid", "worked"):
        assert not answer.cookies[name]["expires"]
        assert not answer.cookies[name]["max-age"]


@pytest.fixture
def client(db):
    ledger = ledgers.small_ledger()
    made = client_of(make.user(role=Role.SURVEY_OFFICE))
    made.contract = make.contract(agency=ledger.own).code
    return made


OF_SIGNING_IN = (
    "/account/",
    "/account/password/",
    "/account/second-factor/",
    "/account/second-factor/start/",
    "/account/second-factor/set-up/",
)


def every_page(client) -> list[str]:
    own = [f"/contracts/{client.contract}/", "/contracts/A01-2017-99999/", "/nothing-here/"]
    return [*pages_of_round(), *pages_of_ledger(), *own, *OF_SIGNING_IN]


class Inline(HTMLParser):
    """What a strict Content-Security-Policy would not let run or style."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [f"{tag} {n}" for n in names if n == "style" or n.startswith("on")]
        addresses = [names[n] or "" for n in ("src", "href", "action") if n in names]
        self.found += [a for a in addresses if a.startswith(("javascript:", "//", "http"))]

    handle_startendtag = handle_starttag


@pytest.mark.parametrize(
    "page",
    [
        "<script>1</script>",
        "<style></style>",
        "<p style=''>",
        "<br onclick='x'/>",
        "<a href='javascript:x'>",
        "<script src='https://cdn.example/x.js'></script>",
    ],
)
def test_what_stands_inside_a_page_would_be_seen(page):
    assert Inline(page).found


def test_no_page_holds_script_or_style(client):
    second_factor.begin(by=client.get("/account/").context["user"]._wrapped)
    visitor = Client()
    pages = {address: client.get(address) for address in every_page(client)}
    pages |= {address: visitor.get(address) for address in ("/login/", "/login/?ended=idle")}
    found = {address: Inline(page.content.decode()).found for address, page in pages.items()}
    assert {address: what for address, what in found.items() if what} == {}
    used = {template.name for page in pages.values() for template in page.templates}
    assert len(used & templates()) > 30


TEMPLATE_TAG = re.compile(r"{[{%#].*?[%}#]}")


def templates() -> set[str]:
    folder = settings.BASE_DIR / "templates"
    return {str(path.relative_to(folder)) for path in folder.rglob("*.html")}


@pytest.mark.parametrize("name", sorted(templates()))
def test_no_template_holds_script_or_style(name):
    """Also those that are only seen when something goes wrong."""
    source = (Path(settings.BASE_DIR) / "templates" / name).read_text(encoding="utf-8")
    assert Inline(TEMPLATE_TAG.sub("", source)).found == []


def test_nothing_that_is_behind_the_login_stays_in_a_cache(client):
    addresses = [*every_page(client), *downloads(), "/session/", "/login/"]
    kept = [a for a in addresses if "no-store" not in client.get(a).headers["Cache-Control"]]
    assert kept == []
    assert "no-store" in Client().get("/account/").headers["Cache-Control"]


def test_static_files_may_be_kept(settings):
    settings.WHITENOISE_USE_FINDERS = True
    response = Client().get("/static/js/session.js")
    response.close()
    assert response.status_code == 200
    assert "no-store" not in response.headers["Cache-Control"]


def test_the_policy_lets_nothing_run_that_is_not_a_file_of_this_server(client):
    policy = client.get("/account/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) == {"'self'", "'none'"}
    assert rules["script-src"] == rules["style-src"] == "'self'"


def test_the_page_of_a_failure_holds_nothing_inline():
    assert Inline(render_to_string("500.html")).found == []
