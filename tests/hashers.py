"""A hasher that counts, so that a test sees how often a password was really looked at."""

from __future__ import annotations

from collections import Counter
from threading import Lock

from django.contrib.auth.hashers import MD5PasswordHasher

LOCK = Lock()  # guesses may come at once


class CountingHasher(MD5PasswordHasher):
    """Counts by salt, which is another for each account."""

    asked: Counter[str] = Counter()

    def encode(self, password, salt):
        with LOCK:
            self.asked[salt] += 1
        return super().encode(password, salt)
