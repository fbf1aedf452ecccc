"""The reading vocabulary of the ledger. Whatever is read goes through ``visible_to``."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from outsourcing import fiscal_year
from outsourcing.scope import Scope


def among(field: str, ids: list[int]) -> Q:
    """A condition on a key: as a range where ``ids`` (sorted) lie close, which both databases like
    better than a long list. It may then let others through."""
    if len(ids) == 1:
        return Q(**{field: ids[0]})
    return between(field, ids[0], ids[-1]) if close(ids) else Q(**{f"{field}__in": ids})


def close(ids: list[int]) -> bool:
    """Whether a range of keys (sorted) lets few others through."""
    return ids[-1] - ids[0] < 2 * len(ids)


def between(field: str, lowest: int, highest: int) -> Q:
    return Q(**{f"{field}__gte": lowest, f"{field}__lte": highest})


class RowQuerySet(models.QuerySet):
    """Rows that are voided, never deleted."""

    def valid(self):
        """Without voided rows: these are no facts."""
        return self.filter(voided_on__isnull=True)


class LedgerQuerySet(RowQuerySet):
    """Rows that belong to one agency's ledger."""

    def visible_to(self, scope: Scope):
        if scope.is_everything:
            return self
        return self.filter(agency_id__in=scope.agency_ids)

    def in_sections(self, keys):
        """Rows that these sections answer for; None: whatever section does."""
        return self if keys is None else self.filter(self._of_sections(keys))

    def beyond_sections(self, keys):
        """The others: of another section, or of none."""
        return self.exclude(self._of_sections(keys))

    def _of_sections(self, keys) -> Q:
        found = Q()
        for path in getattr(self.model, "SECTIONS", ("section",)):
            found |= Q(**{f"{path}__in": keys})
        return found


class AgencyQuerySet(RowQuerySet):
    def visible_to(self, scope: Scope):
        return self if scope.is_everything else self.filter(pk__in=scope.agency_ids)


class ContractorQuerySet(RowQuerySet):
    def visible_to(self, scope: Scope):
        """Companies by number, which are published, and those without that were entered for all or
        by an agency of the scope."""
        if scope.is_everything:
            return self
        own = Q(agency_id__in=scope.agency_ids)
        return self.filter(Q(corporate_number__isnull=False) | Q(agency__isnull=True) | own)


class WorkQuerySet(LedgerQuerySet):
    """What waits for somebody: drafts, planned inspections."""

    def open_on(self, day: date):
        """What is still to be worked on, whatever the day."""
        return self.valid().filter(**{f"{self.model.DONE}__isnull": True})


class ContractQuerySet(LedgerQuerySet):
    def in_force(self, on: date):
        """Contracts whose term, as amended or cut by termination, holds the day ``on``."""
        return self.sharing_a_day_with(on, on)

    def open_on(self, day: date):
        """What is still to be worked on: not over before the day."""
        return self.valid().filter(last_day__gte=day)

    def in_fiscal_year(self, year: int):
        """Contracts whose term shares a day with 年度 ``year``, as a survey takes them in."""
        return self.sharing_a_day_with(fiscal_year.first_day(year), fiscal_year.last_day(year))

    def sharing_a_day_with(self, first: date, last: date):
        # A contract terminated before its first day has no day at all, hence the third condition.
        has_days = Q(last_day__gte=F("first_day"))
        return self.filter(has_days, first_day__lte=last, last_day__gte=first)

    def with_chain(self):
        """With what a contract's page draws: a fixed number of queries whatever the depth."""
        return self.select_related("agency", "section", "contractor", "officer").prefetch_related(
            "amendments",
            models.Prefetch(
                "subcontracts",
                self.model._meta.get_field("subcontracts")
                .related_model.objects.valid()
                .select_related("contractor")
                .prefetch_related("approvals", "notifications", "flow_down")
                .order_by("number"),
            ),
        )
