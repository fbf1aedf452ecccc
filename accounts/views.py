"""Pages of one's own account."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from outsourcing.abilities import Ability, needs


@needs(Ability.USE)
@require_safe
def account(request):
    """Who one is here, in which roles, from when to when, and what these allow."""
    abilities = [ability for ability in Ability if request.access.may(ability)]
    return render(
        request,
        "accounts/account.html",
        {"held": request.access.held, "abilities": abilities},
    )
