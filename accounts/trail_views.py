"""The records of use (第6-3), for those who audit them."""

from __future__ import annotations

import json

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Membership
from outsourcing.abilities import Ability, needs
from outsourcing.filters import DayFilter, chosen
from outsourcing.tables import CaptionedTable
from outsourcing.views import paged, without_blanks
from trail import seals
from trail.accesses import record
from trail.models import Access, Kind


class AccessFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(label="種類", choices=Kind, empty_label="すべて")
    who = filters.CharFilter(label="利用者", lookup_expr="icontains", max_length=100)
    object = filters.CharFilter(label="対象", lookup_expr="icontains", max_length=100)
    since = DayFilter(label="この日から", field_name="at", lookup_expr="date__gte")
    until = DayFilter(label="この日まで", field_name="at", lookup_expr="date__lte")

    class Meta:
        model = Access
        fields = ()

    @property
    def qs(self):
        return super().qs if self.is_valid() else self.queryset.none()


class AccessTable(CaptionedTable):
    at = tables.DateTimeColumn(verbose_name="日時", format="Y-m-d H:i:s", order_by=("number",))
    kind = tables.Column("種類", orderable=False)
    who = tables.Column("利用者", orderable=False)
    object = tables.Column("対象", orderable=False)
    rows = tables.Column("件数", orderable=False, attrs={"td": {"class": "num"}})
    note = tables.Column("備考", orderable=False)
    address = tables.Column("接続元", orderable=False)

    class Meta:
        model = Access
        template_name = "components/table.html"
        fields = ()
        sequence = ("at", "kind", "who", "object", "rows", "note", "address")
        order_by = ("-at",)
        empty_text = "この条件に当てはまる記録はありません。"


@needs(Ability.READ_TRAIL)
@require_safe
def access_list(request):
    """Who signed in, opened, took out or was refused what."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    scope = request.access.scope(Ability.READ_TRAIL)
    found = AccessFilter(request.GET, queryset=seen_by_auditor(scope), request=request)
    table = paged(request, AccessTable(found.qs, caption="利用の記録"))
    context = {
        "filter": found,
        "table": table,
        "conditions": chosen(found),
        "may_export_seal": request.access.may(Ability.EXPORT_SEAL),
    }
    return render(request, "trail/access_list.html", context)


def seen_by_auditor(scope):
    """Records of the agencies, and what people did who hold, or held, a role there."""
    if scope.is_everything:
        return Access.objects.all()
    people = Membership.objects.filter(agency__in=scope.agency_ids).values("user_id")
    # What they did for another agency they belong to is that agency's.
    own = Q(agency_id__isnull=True, who_id__in=people)
    return Access.objects.filter(Q(agency_id__in=scope.agency_ids) | own)


@needs(Ability.EXPORT_SEAL)
@require_POST
def export_seal(request):
    """The newest seal, over everything up to now, to be kept elsewhere. Its numbers tell how much
    all agencies do, so no agency gets it."""
    record(Kind.EXPORT, object="封印")
    seals.seal()
    newest = seals.newest()
    response = HttpResponse(
        json.dumps(seals.as_exported(newest), ensure_ascii=False, indent=2) + "\n",
        content_type="application/json",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="seal-{newest.number}.json"'
    return response
