"""Pages of one form: what the views of such pages share."""

from __future__ import annotations

from django.shortcuts import render

from outsourcing.conflicts import ActionForm, unreadable
from outsourcing.entries import Trial

METHODS = ["GET", "HEAD", "POST"]


def posted(request):
    """What was sent, or None where the page is only opened: also of a form sent empty."""
    return request.POST if request.method == "POST" else None


def is_check(request) -> bool:
    """Whether what is typed shall only be looked at, not saved: ``static/js/check.js`` asks so
    while one types, the button 「保存する前に確かめる」 without scripts."""
    return request.method == "POST" and "check" in request.POST


def checked(request, trial: Trial | None, form: ActionForm, **page):
    """The answer to it: what would be found (``trial``; None where too little can be read yet), and
    what cannot be read. A piece of a page for the script, the whole page (``form_page``) else."""
    context = {"trial": trial, "on": request.as_of(), "unread": unreadable(form)}
    if "fragment" in request.POST:
        return render(request, "components/trial.html", context)
    return form_page(request, form, **page, trial=trial, on=request.as_of(), checks=True)


def form_page(request, form: ActionForm, *, title: str, submit: str, back: str, **context):
    """The form, with its refusals or its conflict, under the status that says so. ``lead``: what
    the form does; ``facts``: [(label, value)] of the row; ``crumbs``: [(label, address)]. With
    ``checks`` it tells while one types what would be found: the view then answers ``is_check``."""
    context |= {"form": form, "title": title, "submit": submit, "back": back}
    return render(request, "components/form_page.html", context, status=form.status)
