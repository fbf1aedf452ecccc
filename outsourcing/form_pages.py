"""Pages of one form: what the views of such pages share."""

from __future__ import annotations

from django.shortcuts import render

from outsourcing.conflicts import ActionForm

METHODS = ["GET", "HEAD", "POST"]


def posted(request):
    """What was sent, or None where the page is only opened: also of a form sent empty."""
    return request.POST if request.method == "POST" else None


def form_page(request, form: ActionForm, *, title: str, submit: str, back: str, **context):
    """The form, with its refusals or its conflict, under the status that says so. ``lead``: what
    the form does; ``facts``: [(label, value)] of the row; ``crumbs``: [(label, address)]."""
    context |= {"form": form, "title": title, "submit": submit, "back": back}
    return render(request, "components/form_page.html", context, status=form.status)
