"""Pages of the contractors' master, and what is suggested while one names a contractor."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.contractor_fields import as_typed
from outsourcing.contractor_search import suggestions
from outsourcing.models import Contractor

SUGGESTED = 12


@needs(Ability.READ_LEDGER)
@require_safe
def suggest(request):
    """Contractors for what has been typed so far (``static/js/combobox.js``)."""
    rows = Contractor.objects.valid().visible_to(request.scope)
    found = suggestions(rows, request.GET.get("q", ""), most=SUGGESTED)
    return JsonResponse({"suggestions": [_suggested(row) for row in found]})


def _suggested(contractor: Contractor) -> dict[str, str]:
    return {
        "text": as_typed(contractor),
        "name": contractor.name,
        "kana": contractor.kana,
        "number": contractor.corporate_number or "",
        "note": note_on(contractor),
    }


def note_on(contractor: Contractor) -> str:
    """What tells it from others of the same name, beside its number."""
    said = []
    if not contractor.corporate_number:
        said.append(f"法人番号なし（{contractor.get_no_number_reason_display()}）")
    if contractor.dissolved_on:
        said.append(f"{contractor.dissolved_on:%Y-%m-%d}解散")
    return "、".join(said)
