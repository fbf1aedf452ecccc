"""The pages on which users look after their second factor."""

from __future__ import annotations

from base64 import b32encode

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import second_factor as actions
from accounts.sign_in import second_factor
from accounts.sign_in.forms import ConfirmForm, NewAppForm
from accounts.sign_in.middleware import by_front_server
from outsourcing.abilities import Ability, needs

# What may be asked for, by whether there is an app already: its title and the button's words.
STEPS = {
    "start": (False, "二段階認証の設定", "設定を始める"),
    "replace": (True, "認証アプリの変更", "新しいアプリを登録する"),
    "recovery-codes": (True, "回復コードの作り直し", "回復コードを作り直す"),
    "remove": (True, "二段階認証の解除", "二段階認証をやめる"),
}


@needs(Ability.USE)
@require_safe
def overview(request):
    context = {
        "app": second_factor.app_of(request.user),
        "codes_left": second_factor.recovery_codes_left(request.user),
        "missing": second_factor.is_missing(request),
        "by_front_server": by_front_server(request.session),
    }
    return render(request, "registration/second_factor.html", context)


@needs(Ability.USE)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def step(request, step):
    """Asks for the password, and for a code where there is an app, before anything changes."""
    needs_app, title, button = STEPS.get(step) or _nothing()
    if needs_app != (second_factor.app_of(request.user) is not None):
        return redirect("second-factor")
    form = ConfirmForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _done(request, step)
    context = {"form": form, "step": step, "title": title, "button": button}
    return render(request, "registration/second_factor_step.html", context)


@needs(Ability.USE)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def set_up(request):
    """The new key, and whether the app has it; then the recovery codes, this once."""
    device = second_factor.new_app_of(request.user)
    if device is None:
        return redirect("second-factor")
    form = NewAppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = actions.confirm(by=request.user, code=form.cleaned_data["code"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            request.session[second_factor.SET_UP] = True
            return _show_codes(request, codes)
    context = {"form": form, "key": _spaced(device.bin_key), "qr": _qr(device.config_url)}
    return render(request, "registration/second_factor_set_up.html", context)


def _nothing():
    raise Http404


def _done(request, step):
    if step == "recovery-codes":
        return _show_codes(request, actions.renew_recovery_codes(by=request.user))
    if step == "remove":
        actions.remove(by=request.user)
        request.session.pop(second_factor.SET_UP, None)
        messages.success(request, "二段階認証をやめました。次からはパスワードだけです。")
        return redirect("second-factor")
    actions.begin(by=request.user)
    return redirect("second-factor-set-up")


def _show_codes(request, codes):
    return render(request, "registration/recovery_codes.html", {"codes": codes})


def _qr(address: str) -> str:
    picture = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#ffffff")
    return mark_safe(picture)


def _spaced(key: bytes) -> str:
    letters = b32encode(key).decode().rstrip("=")
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))
