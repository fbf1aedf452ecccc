"""Uploaded sheets, read safely: ``read`` gives plain values with their addresses, or ``Refused``.

``limits`` says how much is read; ``parent`` starts the ``child``, which alone looks into the file:
``kinds`` by its first bytes, ``archive`` and ``package`` what a workbook is made of, ``worksheet``
its rows, ``csv_text`` text files. ``cells`` makes of a cell what an office meant by it.
"""

from exchange.reading.book import (
    Book,
    Caution,
    Merge,
    Refused,
    Row,
    Sheet,
    Unreadable,
    address,
    column_of,
    letters,
)
from exchange.reading.parent import read

__all__ = [
    "Book",
    "Caution",
    "Merge",
    "Refused",
    "Row",
    "Sheet",
    "Unreadable",
    "address",
    "column_of",
    "letters",
    "read",
]
