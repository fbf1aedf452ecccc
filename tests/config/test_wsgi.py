"""The application does not start where row-level security would be void."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def start(user: str, tmp_path) -> subprocess.CompletedProcess:
    """What a server's worker does first, as this role, on the database of the test."""
    place = connection.settings_dict
    url = f"postgresql://{user}@{quote(place['HOST'], safe='')}/{place['NAME']}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE")}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import config.wsgi"],
        cwd=settings.BASE_DIR,
        env=kept | {"DATABASE_URL": url, "LEDGER_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_starts_as_the_lesser_role_and_not_as_the_owner(postgresql_only, tmp_path):
    lesser = start(connection.settings_dict["USER"], tmp_path)
    assert (lesser.returncode, lesser.stderr) == (0, "")
    owner = start("ledger_owner", tmp_path)
    assert owner.returncode != 0
    assert "行レベルセキュリティが効きません（表の所有者です）" in owner.stderr
