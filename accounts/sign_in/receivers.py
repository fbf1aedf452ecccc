"""What follows from Django's word that somebody has signed in."""

from __future__ import annotations

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from accounts.sign_in import clock, throttle, unsent
from accounts.sign_in.addresses import address_of


@receiver(user_logged_in)
def start_clock(sender, request, user, **kwargs):
    clock.start(request.session, timezone.now())
    request.session.pop(unsent.ENDED, None)  # whose session was over here before


@receiver(user_logged_in)
def remember_address(sender, request, user, **kwargs):
    throttle.signed_in(user.get_username(), address_of(request), now=timezone.now())
