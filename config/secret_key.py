"""The key that signs sessions: given, or made once and kept beside the ledger."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def secret_key(path: Path) -> str:
    """Read the key, or make it; of several processes starting at once, all get the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    # Written whole under another name (mkstemp gives mode 600), then linked: the link fails if
    # another process was faster.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
