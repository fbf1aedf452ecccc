"""第11: what a supervising agency is shown of the bodies it guides: counts.

Our choice: the provision speaks of guidance, and gives no right to see a body's contracts. These
are shown to a 閲覧者 whom the body itself has granted it.
"""

from __future__ import annotations

from typing import NamedTuple

from outsourcing.models import Agency
from outsourcing.row_security import seen_by
from outsourcing.scope import Scope
from surveys.classification import CLASSES, counts
from surveys.models import Survey
from surveys.rounds import Round


class Counted(NamedTuple):
    """One body: all its contracts of a survey, and by class in the order of ``CLASSES``."""

    agency: Agency
    total: int
    numbers: tuple[int, ...]


def counted_bodies(round_: Round, supervisors: Scope) -> list[tuple[Survey, list[Counted]]]:
    """For both kinds of information, the bodies that agencies of this scope supervise."""
    if supervisors.is_everything:
        bodies = list(Agency.objects.valid().exclude(supervisor=None))
    else:
        bodies = list(Agency.objects.valid().filter(supervisor__in=supervisors.agency_ids))
    theirs = Scope.of(agency.pk for agency in bodies)
    with seen_by(theirs):  # these ledgers, for as long as it takes to count
        found = counts(round_.surveys, theirs)
    return [
        (survey, [_counted(found, survey, body) for body in bodies]) for survey in round_.surveys
    ]


def _counted(found: dict, survey: Survey, agency: Agency) -> Counted:
    by_class = found.get((survey.information, agency.pk), {})
    numbers = tuple(by_class.get(name, 0) for name in CLASSES)
    return Counted(agency, sum(numbers), numbers)
