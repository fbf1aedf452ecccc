"""Passwords somebody is given, to be changed when first signing in."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher

# Without what looks alike on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH, GROUP = 16, 4
ROUNDS = 10_000


def draw() -> str:
    """Sixteen letters in groups of four, at random: 79 bits."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def hashed(password: str) -> str:
    """For hundreds of accounts at once: with a hundredth of the rounds. Stretching protects what
    people think up; 79 bits at random nobody guesses. Django hashes anew at the first sign-in."""
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=ROUNDS)
    return hasher.encode(password, hasher.salt())
