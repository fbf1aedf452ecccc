"""How many findings a list has as of each of many days, from one reading of them.

A finding is on a list on a run of days that its columns bound (see ``timing``); so the findings are
read once, counted by these columns, and summed over the days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Count, F, Q

from audit.filters import FindingFilter
from audit.paging import exactly
from audit.timing import NEVER
from guideline.models import CorrectiveAction

Run = tuple[date, date]  # the days [since, until)


def numbers(found: FindingFilter, first: date, last: date) -> list[int]:
    """Of each of the days first..last, both included: the length of the list as of that day."""
    if not found.is_valid():
        return [0] * ((last - first).days + 1)
    base, days = first.toordinal(), (last - first).days + 1
    steps = [0] * (days + 1)
    for (since, until), number in _overdue(found) if found.conditions.overdue else _listed(found):
        begin, end = max(since.toordinal() - base, 0), min(until.toordinal() - base, days)
        if begin < end:
            steps[begin] += number
            steps[end] -= number
    return list(accumulate(steps[:days]))


def length(found: FindingFilter) -> int:
    """Of the list, as of its day."""
    if not found.is_valid():
        return 0
    return exactly(found.conditions.parts)


def _listed(found: FindingFilter) -> Iterator[tuple[Run, int]]:
    """Days on which findings are on the list, and how many are on it on these very days."""
    timing = found.conditions.timing
    rows, columns = found.conditions.timeless.order_by(), timing.columns
    if not columns:
        yield (date.min, NEVER), rows.count()
        return
    for *values, number in rows.values_list(*columns).annotate(number=Count("*")).iterator(5_000):
        if run := timing.days_of(dict(zip(columns, values, strict=True))):
            yield run, number


def _overdue(found: FindingFilter) -> Iterator[tuple[Run, int]]:
    """The same where an action must be overdue: one finding, on as many runs of days as its actions
    leave."""
    timing = found.conditions.timing
    actions = (
        CorrectiveAction.objects.visible_to(found.request.scope)
        .valid()
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=F("due_on")), due_on__isnull=False)
    )
    answers = defaultdict(list)
    for *key, first, last, due, closed in actions.values_list(
        "contract_id", "disclosure_id", "rule", "subject",
        "first_day", "last_day", "due_on", "closed_on",
    ):  # fmt: skip
        late = due + timedelta(days=1), closed or NEVER
        answers[tuple(key)].append((first, last or NEVER, late))
    of_any = Q(contract__in=actions.order_by().values("contract"))
    of_any |= Q(disclosure__in=actions.order_by().values("disclosure"))
    names = ["contract_id", "disclosure_id", "rule", "subject", "since", "ends", *timing.columns]
    names = list(dict.fromkeys(names))
    rows = found.conditions.timeless.filter(of_any).order_by()
    for values in rows.values_list(*names).iterator(5_000):
        row = dict(zip(names, values, strict=True))
        listed = timing.days_of(row)
        if listed is None:
            continue
        late = [
            (max(run[0], listed[0]), min(run[1], listed[1]))
            for first, last, run in answers[values[:4]]
            if row["since"] <= last and first < row["ends"]
        ]
        for run in union(late):
            yield run, 1


def union(runs: list[Run]) -> list[Run]:
    """The days of any of the runs, as runs that neither meet nor overlap."""
    found: list[Run] = []
    for since, until in sorted(run for run in runs if run[0] < run[1]):
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(until, found[-1][1])
        else:
            found.append((since, until))
    return found
