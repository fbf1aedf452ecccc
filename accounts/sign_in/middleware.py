"""What is asked of each request before a view sees it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, user_logged_out
from django.contrib.auth.middleware import RemoteUserMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import MiddlewareNotUsed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from accounts.sign_in import clock, second_factor, unsent

# Open also while a password must be changed or a second factor set up.
ALWAYS_OPEN = {"password-change", "logout", "session", "login"}
OF_SECOND_FACTOR = {"second-factor", "second-factor-step", "second-factor-set-up"}


class NoStoreMiddleware:
    """No page stays in a cache; static files are served before this is reached."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        patch_cache_control(response, no_store=True)
        return response


class TimeoutMiddleware:
    """Ends sessions whose time is over, and says why on the page of the login. What a form sent too
    late is kept (``unsent``).

    ``request.clock`` tells when, None where nobody is signed in; a view that is fetched without
    anybody working sets ``request.is_work = False``.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        now = timezone.now()
        request.is_work = True
        request.clock, request.session_ended = self._clock(request, now)
        response = self.get_response(request)
        if request.is_work and request.user.is_authenticated:
            clock.keep(response, request.session, now)
        unsent.drop_sent_again(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        kept = unsent.keep(request)
        if kept or request.session_ended:
            return redirect(login_address_of(request, kept))
        return None

    def _clock(self, request, now) -> tuple[clock.Clock | None, str]:
        """The clock of a session that lasts, else why it has just ended, if there was one."""
        if SESSION_KEY not in request.session:
            return None, ""
        if not request.user.is_authenticated:
            request.session.flush()
            return None, "void"
        running = clock.Clock(request, now)
        if reason := running.ending:
            _end(request, reason.value)
            return None, reason.value
        return running, ""


class FrontServerMiddleware(RemoteUserMiddleware):
    """Signs in whom REMOTE_USER_HEADER names, where that setting names a header. The front server
    must take that header away from what clients send.

    Only the login's own address signs in, and not while it tells why a session ended: otherwise the
    next request would start it anew, and no session would ever end.
    """

    def __init__(self, get_response):
        if not settings.REMOTE_USER_HEADER:
            raise MiddlewareNotUsed
        self.header = settings.REMOTE_USER_HEADER
        super().__init__(get_response)

    def process_request(self, request):
        if not request.META.get(self.header):
            request.META.pop(self.header, None)
        request.front_server_user = request.META.get(self.header, "")
        if request.user.is_authenticated or self._asks_to_sign_in(request):
            super().process_request(request)

    def _asks_to_sign_in(self, request) -> bool:
        at_login = request.path == reverse(settings.LOGIN_URL)
        return at_login and ("ended" not in request.GET or request.method == "POST")


class DutiesMiddleware:
    """A given password is changed, and a required second factor set up, before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        page = request.resolver_match.view_name
        if not request.user.is_authenticated or page in ALWAYS_OPEN:
            return None
        if by_front_server(request.session):
            return None
        if request.user.must_change_password:
            return redirect("password-change")
        if second_factor.is_missing(request) and page not in OF_SECOND_FACTOR:
            return redirect("second-factor")
        return None


def by_front_server(session) -> bool:
    """Such a session has shown no password here, and is asked for no code."""
    return session.get(BACKEND_SESSION_KEY) == "accounts.sign_in.backends.FrontServerBackend"


def _end(request, reason: str) -> None:
    """As ``logout``, and the session knows whose it was."""
    user = request.user
    user_logged_out.send(sender=user.__class__, request=request, user=user)
    unsent.note_end(request.session, reason)
    request.user = AnonymousUser()


def login_address_of(request, kept=None) -> str:
    """With why the session ended, and back to where one was: where something was sent, to what was
    kept of it, else to the page it was sent from."""
    back = request.get_full_path()
    reason = request.session_ended
    more = {}
    if kept:
        back = reverse("unsent", args=[kept.public_id])
        reason = request.session[unsent.ENDED]["reason"]
        more = {"kept": "1"}
    elif request.method not in ("GET", "HEAD"):
        origin = urlsplit(request.META.get("HTTP_REFERER", ""))
        here = origin.netloc == request.get_host()
        back = (origin.path + (f"?{origin.query}" if origin.query else "")) if here else "/"
        more = {"unsent": "1"}
    return reverse(settings.LOGIN_URL, query={"ended": reason, "next": back, **more})
