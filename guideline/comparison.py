"""新旧対照表: two editions side by side, with what differs marked. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

from guideline.provisions import Edition, Provision


class Piece(NamedTuple):
    """A run of text; ``changed`` where the other side has something else, or nothing."""

    text: str
    changed: bool


class Pair(NamedTuple):
    """One provision in the older and in the newer edition; None where an edition lacks it."""

    code: str
    old: Provision | None
    new: Provision | None
    old_pieces: tuple[Piece, ...]
    new_pieces: tuple[Piece, ...]

    @property
    def differs(self) -> bool:
        return any(piece.changed for piece in (*self.old_pieces, *self.new_pieces))


def compare(old: Edition, new: Edition) -> list[Pair]:
    """Every provision of either edition, in the order of the text."""
    codes = list(new.provisions)
    for code in old.provisions:
        if code not in new.provisions:
            codes.insert(_place(code, codes, list(old.provisions)), code)
    return [_pair(code, old.provisions.get(code), new.provisions.get(code)) for code in codes]


def _place(code: str, codes: list[str], order: list[str]) -> int:
    """Where a provision that is gone stood: behind the one before it."""
    before = order[: order.index(code)]
    return max((codes.index(c) + 1 for c in before if c in codes), default=0)


def _pair(code: str, old: Provision | None, new: Provision | None) -> Pair:
    left, right = old.text if old else "", new.text if new else ""
    old_pieces, new_pieces = [], []
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        old_pieces.append(Piece(left[a:b], tag != "equal"))
        new_pieces.append(Piece(right[c:d], tag != "equal"))
    return Pair(
        code,
        old,
        new,
        tuple(piece for piece in old_pieces if piece.text),
        tuple(piece for piece in new_pieces if piece.text),
    )
