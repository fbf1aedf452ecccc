"""The auditor's pages over a million contracts, from the request to the last byte."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from html import unescape
from http.client import HTTPConnection
from itertools import product
from statistics import median
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from accounts.models import Membership, Role
from bench.measuring import Measure, seconds, side_by_side
from bench.people import SINCE, client_of
from guideline.models import Finding
from outsourcing.models import Contractor

DAYS = ("2009-06-01", "2017-06-01", "2018-10-22", "2026-03-31", "2026-11-26")
SORTS = ("-since", "since", "-until", "until", "provision", "-provision", "agency", "-agency")
WHENS = ("", "when=standing")
FILTERS = (
    *("", "kind=organ", "severity=breach", "severity=violation", "rule=yearly-inspection"),
    *("rule=unapproved-subcontract", "provision=8-4(3)", "provision=8-4*", "depth=1", "depth=2"),
    *("work=staff_health_check", "relation=wholly_owned", "longer=365", "begun=2018-10-22"),
    *("excused=yes", "excused=no", "state=none", "state=open", "state=settled", "owed=yes"),
)
PER_SECOND, TIMES = 5, 5  # seconds under load, and how often
PORT = 8766
CLIENTS = 16  # of fewer the kernel may give most to one of the two workers
COOKIES = ("sessionid", "csrftoken")
HEAD = re.compile(rb"HTTP/1.1 200 .*?\r\ncontent-length: (\d+).*?\r\n\r\n", re.S | re.I)
AT_ONCE = 1 << 18


def auditing():
    """As the ministry's survey office, which reads everything."""
    client = client_of(_office())
    found = f"{Finding.objects.count():,} findings"
    yield from _lists(client, found)
    yield from _paging(client)
    yield from _facets(client)
    days = {day: _took(client, f"/overview/?as_of={day}") for day in DAYS}
    slowest = max(days, key=days.get)
    yield Measure("dashboard", days[slowest], "ms", 100, note=f"slowest of {len(days)} days")
    yield from _under_load(client)


def _office():
    user, _ = get_user_model().objects.get_or_create(username="bench-office")
    Membership.objects.get_or_create(
        user=user,
        role=Role.SURVEY_OFFICE,
        defaults={"first_day": SINCE, "confirmed_on": SINCE},
    )
    return user


def _lists(client, found: str):
    """Every filter by itself, in every order, of every day: each address the better of two."""
    took = {}
    for filter_, day, sort, when in product(_filters(), DAYS, SORTS, WHENS):
        query = "&".join(filter(None, (filter_, when, f"as_of={day}", f"sort={sort}")))
        took[query] = _took(client, f"/findings/?{query}", rounds=2)
    times = sorted(took.values())
    note = f"{len(times)} addresses, {found}"
    yield Measure("list of findings", median(times), "ms", 15, note=note)
    slowest = max(took, key=took.get)
    late = times[int(len(times) * 0.95)]
    note = f"slowest {times[-1]:.0f} ms: {slowest}"
    yield Measure("list of findings, 95th percentile", late, "ms", 40, note=note)


def _filters() -> list[str]:
    """With an agency, and a company that many contracts are with."""
    rows = Finding.objects.order_by("agency").values_list("agency__code")
    agencies = [code for (code,) in rows.distinct()]
    busy = Contractor.objects.filter(corporate_number__isnull=False).order_by("pk")[500]
    return [
        *FILTERS,
        *(f"agency={code}" for code in (agencies[0], agencies[len(agencies) // 2])),
        f"contractor={busy.corporate_number}",
    ]


def _paging(client):
    """How much longer any page takes than the first: the last, the one before it, the tenth."""
    worst = 0.0
    for sort in SORTS:
        first = f"/findings/?as_of=2018-10-22&sort={sort}"
        last = f"{first}&page=last"
        pages = {"first": first, "last": last, "before": _beside(client, last, "prev")}
        tenth = first
        for _ in range(9):
            tenth = _beside(client, tenth, "next")
        asked = {name: partial(client.get, page) for name, page in (pages | {"10": tenth}).items()}
        took = side_by_side(asked, rounds=9)
        worst = max(worst, *(of / took["first"] for of in took.values()))
    yield Measure("any page of the list / the first", worst, "times", 1.5)


def _beside(client, address: str, which: str) -> str:
    page = client.get(address).content.decode()
    return "/findings/" + unescape(re.search(f'rel="{which}" href="([^"]*)"', page)[1])


def _facets(client):
    took = {}
    for filter_, day, when in product(FILTERS, DAYS, WHENS):
        query = "&".join(filter(None, (filter_, when, f"as_of={day}", "part=1")))
        took[query] = _took(client, f"/findings/facets/?{query}", rounds=2)
    slowest = max(took, key=took.get)
    note = f"slowest {took[slowest]:.0f} ms: {slowest}"
    yield Measure("facets of the list", median(took.values()), "ms", 150, note=note)


def _took(client, address: str, *, rounds: int = 5) -> float:
    """Milliseconds: the best of some, where other programs get in between."""

    def ask():
        assert client.get(address).status_code == 200, address

    return min(seconds(ask) for _ in range(rounds)) * 1000


def _under_load(client):
    """Requests a second, those who ask on the same cores as the server."""
    # As a browser, which has had both since it signed in.
    client.get("/account/")
    cookie = "; ".join(f"{name}={client.cookies[name].value}" for name in COOKIES)
    address = f"/findings/?as_of=2018-03-31&severity={quote('breach')}"
    with _server():  # the best of some, as everywhere: the first is asked of a server that is cold
        asked = [_asked_together(address, cookie) for _ in range(TIMES)]
    note = f"best of {TIMES} times {PER_SECOND} seconds, median {median(asked):.0f}"
    yield Measure(
        "list of findings under load", max(asked), "requests/s", 300, at_least=True, note=note
    )


def _asked_together(address: str, cookie: str) -> float:
    numbers, until = [], time.perf_counter() + PER_SECOND
    lines = (f"GET {address} HTTP/1.1", f"Host: 127.0.0.1:{PORT}", f"Cookie: {cookie}", "", "")
    request = "\r\n".join(lines).encode()

    def ask():
        number = 0
        with socket.create_connection(("127.0.0.1", PORT), timeout=20) as server:
            while time.perf_counter() < until:
                server.sendall(request)
                _read_page(server)
                number += 1
        numbers.append(number)

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == CLIENTS
    return sum(numbers) / PER_SECOND


def _read_page(server: socket.socket) -> None:
    """To its last byte, by its length and no more: what is spent on reading, the server lacks."""
    head, rest = b"", server.recv(AT_ONCE)
    while not (found := HEAD.match(head := head + rest)):
        rest = server.recv(AT_ONCE)
        assert rest, head
    missing = int(found[1]) - (len(head) - found.end())
    while missing:
        missing -= len(server.recv(min(missing, AT_ONCE)))


@contextmanager
def _server():
    connection.close()
    manage = [sys.executable, "manage.py"]
    here = {"cwd": settings.BASE_DIR, "env": os.environ | {"LEDGER_VAR": str(settings.VAR_DIR)}}
    collect = [*manage, "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, check=True, **here)  # as a server wants them: this process has others
    server = subprocess.Popen(
        [*manage, "serve", "--port", str(PORT)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **here,
    )
    try:
        _wait_for(server)
        yield
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def _wait_for(server) -> None:
    while server.poll() is None:
        try:
            probe = HTTPConnection("127.0.0.1", PORT)
            probe.request("GET", "/login/")
            if probe.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
