"""Saved reports as a user saves them, and what was counted of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.test import Client
from django.urls import reverse

from audit.models import SavedReport

HIDDEN = re.compile(r'<input type="hidden" name="([a-z-]+)" value="([^"]*)"')


@dataclass
class Clock:
    """What day it is."""

    day: date


def save(client: Client, name: str, conditions: str, **more):
    """As from the list."""
    return client.post(reverse("report-new"), sent(client, name, conditions, **more))


def sent(client: Client, name: str, conditions: str, **more) -> dict:
    """What the form of the page sends."""
    page = client.get(reverse("report-new")).content.decode()
    hidden = dict(HIDDEN.findall(page))
    typed = {"name": name, "shared": "no", "conditions": conditions}
    return {"once": hidden["once"], "of-path": hidden["of-path"]} | typed | more


def counts(report: SavedReport) -> dict[date, int]:
    """What is counted of each day, in order."""
    return dict(report.counts.order_by("day").values_list("day", "number"))
