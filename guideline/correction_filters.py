"""What the list of measures can be narrowed by; every condition stands in the address."""

from __future__ import annotations

from datetime import timedelta

import django_filters as filters
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from guideline.models import CorrectiveAction, Measure
from guideline.rules import RULES
from outsourcing.filters import DUE, OFFICERS, by_agency, in_charge, mentioning
from outsourcing.models import Contract

OPEN, OVERDUE, CLOSED = "open", "overdue", "closed"
LATE, BY_A_DAY, SOME_DAY, AHEAD, DONE = range(5)
STATES = (
    (OVERDUE, "期限を過ぎたもの"),
    (OPEN, "完了していないもの（期限を過ぎたものを含む）"),
    (CLOSED, "完了したもの"),
)


def ranked(actions: QuerySet, on) -> QuerySet:
    """With ``rank`` on a day, by which the overdue come first, then what else is open, what is not
    begun by then, and last what is done."""
    done = Q(closed_on__isnull=False, closed_on__lte=on)
    rank = Case(
        When(done, then=Value(DONE)),
        When(started_on__gt=on, then=Value(AHEAD)),
        When(due_on__lt=on, then=Value(LATE)),
        When(due_on__isnull=False, then=Value(BY_A_DAY)),
        default=Value(SOME_DAY),
        output_field=IntegerField(),
    )
    return actions.annotate(rank=rank)


class CorrectionFilter(filters.FilterSet):
    q = filters.CharFilter(
        label="検索",
        method="search",
        help_text="措置や完了の内容、文書番号、契約の件名・コード・委託先、提供先",
        max_length=200,
    )
    state = filters.ChoiceFilter(
        label="状態", choices=STATES, method="in_state", empty_label="すべて"
    )
    due = filters.ChoiceFilter(
        label="期限", choices=DUE, method="falling_due", empty_label="指定しない"
    )
    measure = filters.ChoiceFilter(label="措置の種類", choices=Measure, empty_label="すべて")
    officer = filters.ChoiceFilter(
        label="担当者", choices=OFFICERS, method="of_officer", empty_label="すべて"
    )
    name = filters.CharFilter(
        label="担当者の氏名", method="of_name", help_text="氏名の一部（例：花子）", max_length=100
    )
    agency = by_agency()
    rule = filters.ChoiceFilter(
        label="規則", choices=[(rule.code, rule.title) for rule in RULES], empty_label="すべて"
    )

    class Meta:
        model = CorrectiveAction
        fields = ()

    @property
    def qs(self):
        """Nothing where a condition cannot be understood: never more than was asked for."""
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, actions, name, value):
        text = value.strip()
        # Of the contracts that any measure is about, which are few, and not of all there are.
        owned = CorrectiveAction.objects.visible_to(self.request.scope).valid()
        contracts = Contract.objects.filter(pk__in=owned.values("contract"))
        return actions.filter(
            Q(description__icontains=text)
            | Q(outcome__icontains=text)
            | Q(document_number__icontains=text)
            | Q(disclosure__recipient__icontains=text)
            | Q(contract__in=mentioning(contracts, text).order_by().values("pk"))
        )

    def in_state(self, actions, name, value):
        if value == OVERDUE:
            return actions.filter(rank=LATE)
        return actions.filter(rank=DONE) if value == CLOSED else actions.filter(rank__lt=AHEAD)

    def falling_due(self, actions, name, value):
        """Of what is open: due on one of so many days from the day of the page on."""
        on = self.request.as_of()
        last = on + timedelta(days=int(value))
        return actions.filter(rank=BY_A_DAY, due_on__gte=on, due_on__lte=last)

    def of_officer(self, actions, name, value):
        return in_charge(actions, value, self.request.user)

    def of_name(self, actions, name, value):
        return actions.filter(officer__full_name__icontains=value.strip())
