"""Files that are made aside: asked for, watched, fetched. The survey office's alone."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exchange import bundles
from exchange.views import TYPES, download_of, small_in_memory
from outsourcing.abilities import Ability, needs
from outsourcing.form_pages import METHODS


@needs(Ability.RUN_SURVEYS)
@require_POST
def new(request):
    """Have a file made, and watch it."""
    what = request.POST.get("what", "")
    if what not in bundles.WAYS:
        return redirect("exchange")
    return redirect("bundle", bundles.begin(by=request.user.pk, what=what).key)


@needs(Ability.RUN_SURVEYS)
@require_safe
def bundle(request, key):
    """How far it is; once it is there, the way to it. ``fragment``: that alone."""
    found = _own(request, key)
    part = "fragment" in request.GET
    page = "exchange/_progress.html" if part else "exchange/bundle.html"
    return render(request, page, {"bundle": found})


@needs(Ability.RUN_SURVEYS)
@require_http_methods(METHODS)
def download(request, key):
    """The file, counted like any other that is taken out."""
    found = _own(request, key)
    if not found.finished:
        return redirect("bundle", key)
    if (instead := request.take_out(name=found.file.name, rows=found.rows)) is not None:
        return instead
    kind = found.file.suffix.removeprefix(".")
    file = small_in_memory(found.file.open("rb"))
    return download_of(file, found.file.name, TYPES[kind])


def _own(request, key):
    found = bundles.find(key)
    if found is None or found.by != request.user.pk:
        raise Http404
    return found
