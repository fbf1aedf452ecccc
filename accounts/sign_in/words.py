"""Moments as pages say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone


def from_minute(moment: datetime) -> str:
    """11月24日10時35分: the first full minute that is not before the moment, local time."""
    local = timezone.localtime(moment + timedelta(minutes=1) - timedelta(microseconds=1))
    return f"{local.month}月{local.day}日{local.hour}時{local.minute:02}分"
