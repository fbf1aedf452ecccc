"""The year of inspections as iCalendar (RFC 5545), for the calendar an officer looks at anyway. No
name of a person is in it: it leaves the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from guideline.inspection_calendar import Year
from outsourcing import fiscal_year

PRODUCT = "-//itaku-daicho//inspections//JA"
NAMESPACE = UUID("6d0f7a3e-5c0b-4f0e-9a57-2d3a1f6c8e41")  # of what has no identifier of its own


def calendar_of(year: Year, *, at: datetime) -> Calendar:
    """``at``: when it is made."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", f"取扱状況の検査（{fiscal_year.label(year.year)}）")
    for uid, day, summary, more in _events(year):
        event = Event()
        event.add("uid", str(uid))
        event.add("dtstamp", at)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", summary)
        event.add("transp", "TRANSPARENT")
        for name, value in more.items():
            event.add(name, value)
        made.add_component(event)
    return made


def _events(year: Year) -> Iterator[tuple[UUID, date, str, dict]]:
    """(identifier, day, what it is called, further properties)"""
    for plan in year.plans:
        summary = f"検査の予定（{plan.get_method_display()}）　{plan.target}　{plan.contract.title}"
        yield plan.public_id, plan.planned_on, summary, {"sequence": plan.version - 1}
    for visit, targets in year.done:
        named = "、".join(map(str, targets))
        summary = f"検査を実施（{visit.get_method_display()}）　{visit.code}"
        yield uuid5(NAMESPACE, visit.code), visit.day, summary, {"description": f"対象：{named}"}
    for due in [*year.standing, *year.due]:
        uid = uuid5(NAMESPACE, f"{due.code} {due.day}")
        late = "検査の期限を過ぎています" if due.day < year.on else "検査の期限"
        summary = f"{late}　{due.target}　{due.contract.title}"
        yield uid, due.day, summary, {"description": "\n".join(due.titles)}
