"""The tree of a contract's links. Pure: works on anything with ``number`` and a parent's number."""

from __future__ import annotations

from collections.abc import Mapping


def depth(number: int, parents: Mapping[int, int | None]) -> int:
    """How deep a link lies: 1 for 再委託, 2 for 再々委託. ``parents`` maps a link to its parent."""
    return 1 + len(ancestors(number, parents))


def ancestors(number: int, parents: Mapping[int, int | None]) -> list[int]:
    """The links above ``number``, nearest first. Raises ValueError where the chain loops."""
    above: list[int] = []
    current = parents[number]
    while current is not None:
        if current == number or current in above:
            raise ValueError(f"再委託{number}の系列が循環しています。")
        above.append(current)
        current = parents[current]
    return above


def would_loop(number: int, new_parent: int | None, parents: Mapping[int, int | None]) -> bool:
    """Whether hanging ``number`` under ``new_parent`` would make the chain a circle."""
    if new_parent is None:
        return False
    return new_parent == number or number in ancestors(new_parent, parents)
