"""One spelling for searching: full and half width, both cases, カナ and かな alike. Pure."""

from __future__ import annotations

import unicodedata

# ァ to ヶ and ヽヾ lie as far from ぁ to ゖ and ゝゞ as each other.
_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
# What NFKC leaves apart of dashes, and the long-vowel sign they are mistaken for.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－ー~〜～"), "-")
_TABLE = _TO_HIRAGANA | _DASHES


def fold(text: str) -> str:
    """``text`` as it is searched by, without spaces: 「ﾃﾞｰﾀ　Ａ社」 → 「で-たa社」. Names are kept
    as typed; this is a copy beside them."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_TABLE)
    return "".join(plain.split())


def folded(*texts: str) -> str:
    """Several texts folded, with a space between them that no word of a search runs across."""
    return " ".join(filter(None, map(fold, filter(None, texts))))


def words(text: str) -> list[str]:
    """What is searched for, folded word by word."""
    return [word for part in text.split() if (word := fold(part))]
