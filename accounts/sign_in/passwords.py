"""What Django's validators do not look at."""

from __future__ import annotations

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError


class MaximumLengthValidator:
    """An end, so that a password of a megabyte cannot be sent to be hashed."""

    def __init__(self, max_length: int):
        self.max_length = max_length

    def validate(self, password, user=None):
        if len(password) > self.max_length:
            raise ValidationError(
                f"このパスワードは長すぎます（{len(password)} 文字）。"
                f"{self.max_length} 文字までにしてください。",
                code="password_too_long",
            )

    def get_help_text(self):
        return f"長さは {self.max_length} 文字までです。空白や日本語も使えます。"


class RepetitionValidator(CommonPasswordValidator):
    """A common or very short piece does not become better by being said twice."""

    SHORT = 4
    LOOKED_AT = 128

    def validate(self, password, user=None):
        text = password.lower().strip()[: self.LOOKED_AT]
        piece = repeated_piece(text)
        common = piece != text and piece in self.passwords
        if len(piece) <= self.SHORT or common:
            raise ValidationError(
                "このパスワードは短い、又はよく使われる言葉の繰返しです。",
                code="password_repeats",
            )

    def get_help_text(self):
        return "同じ文字や、よく使われる言葉の繰返しにはできません。"


def repeated_piece(text: str) -> str:
    """The shortest beginning whose repetition, cut off anywhere, makes the text.

    >>> repeated_piece("passwordpassword"), repeated_piece("123412341")
    ('password', '1234')
    """
    length = next(n for n in range(1, len(text) + 2) if (text[:n] * len(text))[: len(text)] == text)
    return text[:length]
