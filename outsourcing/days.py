"""Days as numbers, for what is computed by the million."""

from __future__ import annotations

from datetime import date

# "No end known": one past the last day there is.
FOREVER = date.max.toordinal() + 1


def end_of(last_day: date | None) -> int:
    """The half-open end of a run of days by its last day; FOREVER where none is known."""
    return FOREVER if last_day is None else last_day.toordinal() + 1
