"""When a session ends. Pure: every moment is an argument.

The moment of the last work is kept in a signed cookie of its own: kept in the session, every page
that is merely read would wait for the database's only writer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple


class Ending(Enum):
    IDLE = "idle"
    ABSOLUTE = "absolute"


class Limits(NamedTuple):
    idle: timedelta
    absolute: timedelta


def ends_at(limits: Limits, *, signed_in_at: datetime, worked_at: datetime) -> datetime:
    """The first moment at which the session is no more."""
    return min(signed_in_at + limits.absolute, worked_at + limits.idle)


def ending(
    limits: Limits, *, signed_in_at: datetime, worked_at: datetime, now: datetime
) -> Ending | None:
    """Why the session has ended by ``now``: None while it lasts."""
    if now < ends_at(limits, signed_in_at=signed_in_at, worked_at=worked_at):
        return None
    return Ending.ABSOLUTE if now >= signed_in_at + limits.absolute else Ending.IDLE
