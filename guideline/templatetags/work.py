"""What the pages of one's work share: their tabs with how much waits, and what a decision on links
would do."""

from __future__ import annotations

import uuid

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from guideline.due import DueList
from guideline.unapproved import effects, lacking
from guideline.work_filters import FIRST
from outsourcing.approval_forms import ApprovalsForm
from outsourcing.writing import contracts_to_write, drafts_to_write

register = template.Library()


@register.inclusion_tag("components/work_tabs.html", takes_context=True)
def work_tabs(context):
    """Of all that is the user's to write, whatever the page is narrowed to."""
    request = context["request"]
    contracts, on = contracts_to_write(request), request.as_of()
    numbers = {
        "work": DueList(contracts, on=on, within=FIRST).count(),
        "work-approvals": lacking(contracts, on=on).count(),
        "work-contracts": contracts.open_on(on).count(),
        "work-drafts": drafts_to_write(request).count(),
    }
    labels = {
        "work": "期限（30日以内）",
        "work-approvals": "承認のない再委託",
        "work-contracts": "課室の契約",
        "work-drafts": "下書き",
    }
    return {
        "page": request.resolver_match.url_name,
        "tabs": [(name, labels[name], number) for name, number in numbers.items()],
    }


@register.simple_tag
def approval_effects(form: ApprovalsForm) -> list[tuple]:
    """(target, effect) of each link that a decision is on."""
    found = effects(form.links, decision=form.decision)
    return [(target, found[target.link.pk]) for target in form.cleaned_data["targets"]]


@register.simple_tag
def inspection_address(*targets: str) -> str:
    """Where a visit is recorded, of these targets."""
    asked = urlencode({"targets": targets}, doseq=True)
    return reverse("inspection-new") + (f"?{asked}" if targets else "")


@register.simple_tag
def approval_address(target: str) -> str:
    return f"{reverse('approvals-bulk')}?{urlencode({'targets': target})}"


@register.simple_tag
def once_key() -> uuid.UUID:
    """For a form that is nothing but a button (``outsourcing.once``)."""
    return uuid.uuid4()
