"""One spelling for searching: full and half width, both cases, カナ and かな alike. Pure."""

from __future__ import annotations

import re
import unicodedata

# ァ to ヶ and ヽヾ lie as far from ぁ to ゖ and ゝゞ as each other.
_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
# What NFKC leaves apart of dashes, and the long-vowel sign they are mistaken for.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－ー~〜～"), "-")
_TABLE = _TO_HIRAGANA | _DASHES
_KINDS = {
    "株": "株式会社",
    "有": "有限会社",
    "名": "合名会社",
    "資": "合資会社",
    "同": "合同会社",
    "一社": "一般社団法人",
    "一財": "一般財団法人",
    "公社": "公益社団法人",
    "公財": "公益財団法人",
    "医": "医療法人",
    "学": "学校法人",
    "福": "社会福祉法人",
    "独": "独立行政法人",
}
# ㈱ and the like are written so by NFKC.
_SHORT_KINDS = re.compile(rf"\(({'|'.join(_KINDS)})\)")


def fold(text: str) -> str:
    """``text`` as it is searched by, without spaces: 「ﾃﾞｰﾀ　Ａ社」 → 「で-たa社」. Names are kept
    as typed; this is a copy beside them."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_TABLE)
    return "".join(plain.split())


def spelled_out(folded_text: str) -> str:
    """A folded name with its kind of company in full: 「(株)見本」 → 「株式会社見本」. In front or
    behind, as it stands: these are different companies."""
    return _SHORT_KINDS.sub(lambda match: _KINDS[match[1]], folded_text)


def folded(*texts: str) -> str:
    """Several texts folded, with a space between them that no word of a search runs across."""
    return " ".join(filter(None, map(fold, filter(None, texts))))


def words(text: str) -> list[str]:
    """What is searched for, folded word by word."""
    return [word for part in text.split() if (word := fold(part))]
