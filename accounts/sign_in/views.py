"""Signing in by password and code, the own password, and how long the session lasts."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as django_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView

from accounts.sign_in import pending, second_factor, unsent
from accounts.sign_in.forms import CodeForm, PasswordChangeForm
from accounts.sign_in.middleware import by_front_server
from accounts.sign_in.unsent_views import in_words
from accounts.sign_in.words import from_minute
from outsourcing.abilities import Ability, needs

PASSWORD_BACKEND = "accounts.sign_in.backends.PasswordBackend"


class SignInView(django_views.LoginView):
    """The password. Whoever has a second factor is signed in only after the next step."""

    redirect_authenticated_user = True

    def get(self, request, *args, **kwargs):
        name = getattr(request, "front_server_user", "")
        if name and "ended" not in request.GET:
            return self._refused_by_name(name)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        # Had the front server's word been enough, the middleware would have signed in.
        if name := getattr(request, "front_server_user", ""):
            return self._refused_by_name(name)
        return super().post(request, *args, **kwargs)

    def get_success_url(self):
        return unsent.way_on(self.request, super().get_success_url())

    def form_valid(self, form):
        user = form.get_user()
        if second_factor.app_of(user) is None:
            return super().form_valid(form)
        next_page = self.get_success_url()
        pending.hold(self.request.session, user, next_page=next_page, now=timezone.now())
        return redirect("login-code")

    def form_invalid(self, form):
        until = getattr(self.request, "refused_until", None)
        if until is None:
            return super().form_invalid(form)
        response = render(
            self.request,
            "registration/throttled.html",
            {"when": from_minute(until)},
            status=429,
        )
        response.headers["Retry-After"] = int((until - timezone.now()).total_seconds()) + 1
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            ended=why_ended(self.request.GET.get("ended", "")),
            unsent="unsent" in self.request.GET,
            kept="kept" in self.request.GET,
            front_server=bool(getattr(self.request, "front_server_user", "")),
            **kwargs,
        )

    def _refused_by_name(self, name: str):
        return render(
            self.request, "registration/remote_user_refused.html", {"name": name}, status=403
        )


def why_ended(reason: str) -> str:
    """What the login page says to somebody whose session has ended."""
    minutes = int(settings.SESSION_IDLE.total_seconds() // 60)
    hours = int(settings.SESSION_ABSOLUTE.total_seconds() // 3600)
    return {
        "idle": f"{minutes}分間操作がなかったため、ログインが終わりました。",
        "absolute": f"ログインしてから{hours}時間が経ったため、ログインが終わりました。",
        "void": "パスワードが変わったか、利用の期間が過ぎたため、ログインが終わりました。",
        "code": "確認コードが時間内に入力されませんでした。もう一度ログインしてください。",
        "logout": "ログアウトしました。",
    }.get(reason, "")


@method_decorator([login_not_required, sensitive_post_parameters("code")], name="dispatch")
class CodeView(FormView):
    """The second step: a code."""

    form_class = CodeForm
    template_name = "registration/code.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        held = pending.held(request.session, now=timezone.now())
        if held is None:
            return redirect(reverse_lazy("login", query={"ended": "code"}))
        self.user, self.next_page = held
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {"user": self.user, **super().get_form_kwargs()}

    def form_valid(self, form):
        pending.forget(self.request.session)
        login(self.request, self.user, backend=PASSWORD_BACKEND)
        self.request.session[second_factor.SET_UP] = True
        return HttpResponseRedirect(unsent.way_on(self.request, self.next_page))

    def form_invalid(self, form):
        # As Django tells of a wrong password.
        user_login_failed.send(
            sender=__name__,
            credentials={"username": self.user.get_username(), "step": "code"},
            request=self.request,
        )
        return super().form_invalid(form)


class PasswordChangeView(django_views.PasswordChangeView):
    """Django then gives this session a new key, and ends all others."""

    form_class = PasswordChangeForm
    template_name = "registration/password_change.html"
    success_url = reverse_lazy("account")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["user"]
        return {"request": self.request, **kwargs}

    def form_valid(self, form):
        if self.request.user.must_change_password:
            self.success_url = settings.LOGIN_REDIRECT_URL
        messages.success(
            self.request,
            "パスワードを変更しました。ほかの端末やブラウザでのログインは、すべて終わりました。",
        )
        return super().form_valid(form)


@needs(Ability.USE)
@require_safe
def account(request):
    """What a user may look after alone; the roles held today, and what they allow."""
    return render(
        request,
        "registration/account.html",
        {
            "app": second_factor.app_of(request.user),
            "by_front_server": by_front_server(request.session),
            "held": request.access.held,
            "abilities": [ability for ability in Ability if request.access.may(ability)],
            "unsent": in_words(unsent.held_for(request.user)),
        },
    )


@login_not_required
@require_http_methods(["GET", "POST"])
def session(request):
    """How long the session still lasts. To ask (GET) is no work; to want it longer (POST) is.

    Where it has ended the answer says why, which the login that is gone to could no more find out.
    """
    request.is_work = request.method == "POST"
    if request.clock is None:
        return JsonResponse({"left": 0, "final": True, "ended": request.session_ended})
    end = request.clock.after_work if request.is_work else request.clock.without_work
    return JsonResponse({"left": end.left, "final": end.final})
