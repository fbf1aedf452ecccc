"""Rows of a table of all agencies: a template would take longer for them than the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from audit.advisories import Addressed, Group


def reading_rows(rows: Iterable[Addressed]) -> SafeString:
    """Each agency with who has read it there, and when."""
    return mark_safe("".join(map(_reading_row, rows)))


def _reading_row(row: Addressed) -> str:
    if row.readings:
        state = '<span class="badge badge--success">読了</span>'
        who = "<br>".join(
            f'{escape(name)}　<span class="nowrap">{_moment(at)}</span>'
            for name, at in row.readings
        )
    else:
        state, who = '<span class="badge badge--warning">未読</span>', "—"
    code, name = escape(row.agency.code), escape(row.agency.name)
    return f'<tr><td>{code}</td><th scope="row">{name}</th><td>{state}</td><td>{who}</td></tr>'


def _moment(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def target_groups(
    groups: Iterable[Group], ticked: set[str], matching: Mapping[int, int] | None, conditions: str
) -> SafeString:
    """Agencies with a box each, a body of the table for each group; with how many findings of the
    list (``conditions``) each has, where one is meant."""
    return mark_safe(
        "".join(_group(at, group, ticked, matching, conditions) for at, group in enumerate(groups))
    )


def _group(at: int, group: Group, ticked: set[str], matching, conditions: str) -> str:
    columns = 1 if matching is None else 2
    label = escape(group.label)
    button = (
        f'<button type="submit" name="pick" value="group:{at}" class="button button--plain"'
        f" formnovalidate data-ticks-group>{label}をすべて選ぶ・外す</button>"
    )
    rows = "".join(_target(agency, ticked, matching, conditions) for agency in group.agencies)
    head = f"{label}（{len(group.agencies)}機関）{button}"
    return (
        f'<tbody><tr class="group"><th scope="rowgroup" colspan="{columns}">{head}</th></tr>'
        f"{rows}</tbody>"
    )


def _target(agency, ticked: set[str], matching, conditions: str) -> str:
    code, name = escape(agency.code), escape(agency.name)
    checked = " checked" if agency.code in ticked else ""
    cell = "" if matching is None else _number(agency, matching.get(agency.pk, 0), conditions)
    return (
        '<tr><th scope="row"><label class="tick">'
        f'<input type="checkbox" name="targets" value="{code}"{checked}>{code}　{name}'
        f"</label></th>{cell}</tr>"
    )


def _number(agency, number: int, conditions: str) -> str:
    """Opens the agency's own findings of the list."""
    if not number:
        return '<td class="num zero">0</td>'
    rest = "&".join(
        part for part in conditions.split("&") if part.partition("=")[0] not in ("agency", "page")
    )
    query = escape(f"{rest}&{urlencode({'agency': agency.code})}")
    return f'<td class="num"><a href="{reverse("findings")}?{query}">{number:,}</a></td>'
