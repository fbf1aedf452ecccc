"""Whose ledgers may be read: a value, made by ``accounts`` and understood by every queryset."""

from __future__ import annotations

from typing import NamedTuple


class Scope(NamedTuple):
    """The agencies whose ledgers a reader may see.

    ``agency_ids`` is None for every agency (the ministry's survey office), empty for none.
    """

    agency_ids: frozenset[int] | None

    @classmethod
    def everything(cls) -> Scope:
        return cls(None)

    @classmethod
    def of(cls, agency_ids) -> Scope:
        return cls(frozenset(agency_ids))

    @classmethod
    def nothing(cls) -> Scope:
        return cls(frozenset())

    @property
    def is_everything(self) -> bool:
        return self.agency_ids is None

    def covers(self, agency_id: int) -> bool:
        return self.agency_ids is None or agency_id in self.agency_ids
