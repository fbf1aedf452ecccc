"""保存した条件: who may see which, what their conditions say, and how they are counted.

A report's list is read like that of somebody who reads the ledgers it counts, and these alone:
whoever looks at it, the number is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import F, Min, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from audit.filters import FindingFilter, provisions
from audit.models import SavedReport
from guideline.models import Finding
from outsourcing import wareki
from outsourcing.abilities import Ability
from outsourcing.contractor_fields import as_typed
from outsourcing.filters import NO_SECTION
from outsourcing.models import Agency, Contract, Contractor, Section
from outsourcing.scope import Scope
from surveys.middleware import default_day
from trail.models import Change

# What the address of a list says beside its conditions: the day, the order, the page.
BESIDE = ("as_of", "sort", "page", "after", "before", "count")
NOBODYS = "課室の定めのないもの"
LONGEST = SavedReport._meta.get_field("conditions").max_length


class Reader:
    """Whom a report's list takes for its reader: nobody in person."""

    def __init__(self, agency: Agency | None):
        self.agency = agency
        self.scope = Scope.everything() if agency is None else Scope.of([agency.pk])
        self.access = self

    def agencies(self, ability: Ability) -> list[Agency]:
        return [] if self.agency is None else [self.agency]


class Condition(NamedTuple):
    """In words."""

    label: str
    value: str


def visible_to(request) -> QuerySet:
    """One's own, and those shared with all who read the same ledgers."""
    return (
        SavedReport.objects.valid()
        .filter(_of_ledgers(request))
        .filter(Q(owner=request.user) | Q(shared=True))
        .select_related("agency", "owner")
        .order_by("name", "pk")
    )


def own(request) -> QuerySet:
    return visible_to(request).filter(owner=request.user)


def _of_ledgers(request) -> Q:
    """Agencies in which the user has a role; the ministry's for who reads everything by office."""
    found = Q(agency__in=request.access.agencies(Ability.READ_LEDGER))
    return found | Q(agency__isnull=True) if request.scope.is_everything else found


def listed(conditions: str, agency: Agency | None, on: date) -> FindingFilter:
    """The list of findings that conditions ask for, of the ledgers of an agency or of all."""
    reader = Reader(agency)
    findings = Finding.objects.visible_to(reader.scope)
    return FindingFilter(QueryDict(conditions), queryset=findings, request=reader, on=on)


def list_of(report: SavedReport, on: date) -> FindingFilter:
    return listed(report.conditions, report.agency, on)


def problems(found: FindingFilter) -> list[str]:
    """Why the conditions cannot be understood; none if they can."""
    unknown = [_unusable(name) for name in found.data if name not in found.filters]
    if unknown or found.is_valid():
        return unknown
    return [
        f"{found.form.fields[name].label}：{message}" if name in found.form.fields else message
        for name, messages in found.form.errors.items()
        for message in messages
    ]


def _unusable(name: str) -> str:
    known = FindingFilter.base_filters.get(name)
    if known is None:
        return f"条件「{name}」は、所見の一覧の条件ではありません。"
    return f"条件「{known.label}」は、すべての機関を数えるときは使えません。"


def normalised(asked: str, agency: Agency | None, on: date) -> str:
    """Conditions of an address as they are stored: in one order, without blanks and without the
    day, in one way of writing. Raises ValidationError for what cannot be understood."""
    typed = QueryDict(asked)
    kept = {name: typed[name] for name in typed if name not in BESIDE and typed[name].strip()}
    found = listed(urlencode(kept), agency, on)
    if refused := problems(found):
        raise ValidationError(refused)
    values = found.form.cleaned_data
    written = urlencode([(name, _written(values[name], kept[name])) for name in sorted(kept)])
    if len(written) > LONGEST:
        raise ValidationError(f"条件が長すぎます（{len(written):,}字）。{LONGEST:,}字までです。")
    return written


def _written(value, typed: str) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return as_typed(value) if isinstance(value, Contractor) else typed.strip()


def address_of(report: SavedReport, on: date) -> str:
    """Of the list that the report counts, as of a day."""
    asked = QueryDict(report.conditions, mutable=True)
    if report.agency and "agency" not in asked:
        asked["agency"] = report.agency.code  # its reader may see others, too
    asked["as_of"] = on.isoformat()
    return f"{reverse('findings')}?{asked.urlencode()}"


def today_of(agency: Agency | None) -> date:
    """The day up to which a report counts: of the ledgers it counts, not of who looks."""
    return default_day(Reader(agency).scope)


def first_day(agency: Agency | None, today: date) -> date:
    """Of the first contract on record that has any day."""
    contracts = Contract.objects.visible_to(Reader(agency).scope).valid()
    contracts = contracts.filter(last_day__gte=F("first_day"))
    first = contracts.order_by().aggregate(first=Min("first_day"))["first"] or today
    return min(first, today)


def changed_at(agency: Agency | None):
    """When anything was last recorded that a report's number could follow from; None: never."""
    latest = Change.objects.order_by("-number").values_list("at", flat=True)
    if agency is None:
        return latest.first()
    of = Change.objects.order_by("-at").values_list("at", flat=True)
    found = (of.filter(agency_id=agency.pk).first(), of.filter(agency_id__isnull=True).first())
    return max((at for at in found if at is not None), default=None)


def in_words(conditions: Iterable[str]) -> dict[str, list[Condition]]:
    """Of each: what it says, as a list says it. Two queries, however many there are."""
    asked = {text: QueryDict(text) for text in conditions}
    codes = {query["agency"] for query in asked.values() if "agency" in query}
    agencies = dict(Agency.objects.filter(code__in=codes).values_list("code", "name"))
    sections = _sections({query["section"] for query in asked.values() if "section" in query})
    names = {"agency": agencies, "section": sections}
    return {
        text: [_condition(name, query[name], names) for name in query]
        for text, query in asked.items()
    }


def _sections(codes: set[str]) -> dict[str, str]:
    found = Section.objects.filter(
        agency__code__in={code.partition("/")[0] for code in codes},
        code__in={code.partition("/")[2] for code in codes},
    ).select_related("agency")
    names = {f"{section.agency.code}/{section.code}": str(section) for section in found}
    return names | {NO_SECTION: NOBODYS}


def _condition(name: str, value: str, names: dict[str, dict]) -> Condition:
    known = FindingFilter.base_filters.get(name)
    if known is None:
        return Condition(name, value)
    if name in ("since", "until", "begun"):
        with suppress(ValueError):
            value = wareki.both(date.fromisoformat(value))
    words = names.get(name) or _choices(name, known)
    return Condition(str(known.label), str(words.get(value, value)))


def _choices(name: str, known) -> dict:
    if name == "provision":
        return dict(provisions())
    choices = known.extra.get("choices", ())
    if hasattr(choices, "choices"):
        choices = choices.choices
    return {} if callable(choices) else dict(choices)
