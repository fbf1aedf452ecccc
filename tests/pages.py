"""Pages as a test reads them: text without what changes by itself, links, numbers in tables."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from django.test import Client
from django.urls import reverse

from surveys.sheets import LAYOUTS

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
ONCE = re.compile(r'name="once" value="[^"]*"')
SESSION_END = re.compile(r'<p class="session-end">.*?</p>')
NUMBER = re.compile(r'<td class="num[^"]*">\s*<a\s[^>]*?href="([^"]*)"[^>]*>([0-9,]+)</a>')
COUNT = re.compile(r'<a\s[^>]*?href="([^"]*)"[^>]*>\s*([0-9,]+)\s*件')
LINK = re.compile(r'<a\s[^>]*?href="([^"#]*)"')


class Number(NamedTuple):
    """A number on a page and where it leads."""

    href: str
    value: int


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response) -> str:
    """The page, without the token that is another in each response, and the time of day."""
    return ONCE.sub("", SESSION_END.sub("", CSRF.sub("", response.content.decode())))


def said(response) -> tuple[int, str, str]:
    """All of an answer, without the number each request has of its own."""
    headers = {k: v for k, v in response.headers.items() if k != "X-Request-ID"}
    return response.status_code, text(response), str(headers)


def numbers(page: str) -> list[Number]:
    """The numbers in the cells of a page's tables."""
    return [Number(unescape(href), _int(value)) for href, value in NUMBER.findall(page)]


def counts(page: str) -> list[Number]:
    """The numbers in a page's sentences: 「3 件」."""
    return [Number(unescape(href), _int(value)) for href, value in COUNT.findall(page)]


def links(page: str) -> set[str]:
    """Addresses within the site that a page links to."""
    return {unescape(href) for href in LINK.findall(page) if href.startswith(("/", "?"))}


def found(client: Client, href: str) -> int:
    """How many contracts the list behind an address has."""
    response = client.get(href)
    assert response.status_code == 200, href
    return response.context["table"].paginator.count


def pages_of_round(year: int = 2017) -> list[str]:
    return [
        reverse("survey", args=[year]),
        *(reverse("survey-table", args=[year, key]) for key in LAYOUTS),
        *(reverse("survey-contracts", args=[year, kind]) for kind in ("personal", "statistics")),
        reverse("reconciliation", args=[year]),
        reverse("contradictions", args=[year]),
        reverse("exports", args=[year]),
    ]


def pages_of_ledger() -> list[str]:
    lists = ("contracts", "implausible", "disclosures", "contractors", "holdings", "exchange")
    inspections = ("inspections", "inspection-plans", "inspection-calendar")
    return [*map(reverse, (*lists, *inspections)), *pages_of_law()]


def pages_of_law() -> list[str]:
    changes = f"{reverse('finding-changes')}?first=2017-04-01&last=2018-03-31"
    return [
        reverse("dashboard"),
        reverse("dashboard-part", args=["trend"]),
        reverse("guideline-edition", args=["2018-10-22"]),
        reverse("guideline-provision", args=["2018-10-22", "8-5"]),
        reverse("guideline-compare"),
        reverse("guideline-rules"),
        reverse("guideline-safety"),
        reverse("findings"),
        reverse("finding-facets"),
        reverse("corrections"),
        f"{reverse('findings')}?due=90",
        reverse("reports"),
        f"{reverse('report-new')}?severity=breach",
        changes,
        f"{changes}&show=gone",
        reverse("crosstab"),
        f"{reverse('crosstab')}?rows=agency&columns=rule&of=any&year=2017",
        f"{reverse('crosstab-contracts')}?of=breach&year=2017",
        reverse("advisories"),
        *pages_of_comparing(),
    ]


def pages_of_comparing() -> list[str]:
    days = "first=2017-04-01&last=2018-03-31"
    parts = "left=A01&left_on=2017-06-01&right=A01&right_on=2018-03-31"
    return [
        f"{reverse('comparing')}?{days}&by=provision",
        f"{reverse('comparing-parts')}?{parts}",
        f"{reverse('comparing-editions')}?as_of=2018-10-22",
    ]


def downloads(year: int = 2017) -> list[str]:
    names = ["tables.xlsx", *(f"{key}.{kind}" for key in LAYOUTS for kind in ("xlsx", "csv"))]
    return [reverse("download", args=[year, name]) for name in names]


def _int(value: str) -> int:
    return int(value.replace(",", ""))
