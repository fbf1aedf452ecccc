"""The verbs of the agencies' master: found, rename, abolish, and their sections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from outsourcing.actions.base import change, insert, insert_many, recording
from outsourcing.models import Agency, AgencyName, Section


def found(*, by, since: date | None = None, **fields) -> Agency:
    """Record an agency with the name it bears from ``since`` (None: as far back as is known)."""
    with recording():
        agency = insert(Agency(**fields), by=by)
        insert(
            AgencyName(agency=agency, name=agency.name, kana=agency.kana, first_day=since), by=by
        )
    return agency


def rename(
    agency: Agency, *, by, name: str, kana: str = "", on: date, version: int | None = None
) -> AgencyName:
    """Give an agency a new name from a day on; tables printed before keep the old one."""
    with recording():
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        present = agency.names.valid().filter(last_day=None).get()
        if present.first_day and on <= present.first_day:
            raise ValidationError(
                {"first_day": f"「{on}」は今の名称の使用開始日「{present.first_day}」以前です。"}
            )
        change(present, by=by, last_day=on - timedelta(days=1))
        change(agency, by=by, version=version, name=name, kana=kana)
        return insert(AgencyName(agency=agency, name=name, kana=kana, first_day=on), by=by)


def abolish(
    agency: Agency,
    *,
    by,
    on: date | None,
    successor: Agency | None = None,
    version: int | None = None,
) -> Agency:
    """Record that an agency ceased to be, and who took over; None: that it did not."""
    if successor is not None and successor.pk == agency.pk:
        raise ValidationError({"successor": f"承継機関に同じ機関「{agency}」は選べません。"})
    with recording():
        return change(agency, by=by, version=version, abolished_on=on, successor=successor)


def supervise(
    agency: Agency, *, by, supervisor: Agency | None, version: int | None = None
) -> Agency:
    """Record who supervises an independent agency (第11)."""
    if supervisor is not None and supervisor.pk == agency.pk:
        raise ValidationError({"supervisor": f"所管府省に同じ機関「{agency}」は選べません。"})
    with recording():
        return change(agency, by=by, version=version, supervisor=supervisor)


def open_section(*, by, agency: Agency, **fields) -> Section:
    with recording():
        return insert(Section(agency=agency, **fields), by=by)


def open_sections(sections: Iterable[Section], *, by) -> list[Section]:
    """Record many unsaved sections; all or none."""
    with recording():
        return insert_many(sections, by=by)
