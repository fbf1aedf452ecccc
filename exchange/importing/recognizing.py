"""Which sheet of a file is which of ours, and where its headings stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

IGNORED = ""


@dataclass(frozen=True)
class SheetMapping:
    """What somebody said of a sheet that is not ours. ``sheet``: the key of the sheet of ours that
    it is. ``columns``: by heading, as it stands in the file, the field of the column of ours that
    it is (``Column.field``), or ``IGNORED``."""

    sheet: str
    columns: Mapping[str, str] = field(default_factory=dict)
