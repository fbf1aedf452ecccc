"""DATABASES out of DATABASE_URL and DATABASE_OWNER_URL. For settings: reads none itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config.sqlite import durability

POSTGRESQL = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"
KEPT_FOR = 60 * 60  # seconds


def databases(environ: Mapping[str, str], default_file: Path) -> dict[str, dict]:
    """`default` is what the application runs as; `owner` owns the tables and migrates them."""
    url, owner_url = environ.get("DATABASE_URL"), environ.get("DATABASE_OWNER_URL")
    default = _parse("DATABASE_URL", url) if url else {"ENGINE": SQLITE, "NAME": str(default_file)}
    if default["ENGINE"] == SQLITE:
        if owner_url:
            raise ImproperlyConfigured(
                "DATABASE_OWNER_URL はPostgreSQLでのみ使えます。"
                "DATABASE_URL にもPostgreSQLを指定してください。"
            )
        return {"default": _sqlite(default)}
    if default["ENGINE"] != POSTGRESQL:
        raise ImproperlyConfigured(
            f"DATABASE_URL の種類 {default['ENGINE']} は使えません（postgresql:// か sqlite:///）。"
        )
    if not owner_url:
        return {"default": _kept(default)}
    return {"default": _kept(default), "owner": _owner(default, owner_url)}


def _parse(name: str, url: str) -> dict:
    try:
        return dj_database_url.parse(url)
    except ValueError as error:
        # The address may hold a password: name the variable, never its value.
        raise ImproperlyConfigured(
            f"{name} を読めません（postgresql://… か sqlite:///…）。"
        ) from error


def _sqlite(settings: dict) -> dict:
    synchronous = durability(sqlite3.sqlite_version_info).synchronous
    # Opened anew for each request it would read the schema again, and know no page of the file.
    settings["CONN_MAX_AGE"] = None
    settings["OPTIONS"] = {
        # What begins as a reader and then writes fails as locked when another writes: take the
        # lock at once.
        "transaction_mode": "IMMEDIATE",
        # As long as the largest import is written, for who saves meanwhile.
        "timeout": 60,
        "init_command": f"PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON",
    }
    return settings


def _kept(settings: dict) -> dict:
    # Reconnecting for each request halves the throughput. A server's few threads keep theirs: to
    # lend and take back what no other thread waits for, a pool takes a twentieth of a page's time.
    settings["CONN_MAX_AGE"] = KEPT_FOR
    settings["OPTIONS"] = {
        # A ledger lies in memory, where pages far apart cost no more than neighbours.
        "options": "-c random_page_cost=1.1",
        # Of a statement asked again the server keeps the plan: outsourcing/prepared.py.
        "prepare_threshold": 1,
        **settings.get("OPTIONS", {}),
    }
    return settings


def _owner(default: dict, url: str) -> dict:
    owner = _parse("DATABASE_OWNER_URL", url)
    place = ("ENGINE", "NAME", "HOST", "PORT")
    if any(owner[key] != default[key] for key in place):
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL と DATABASE_URL は同じデータベースを指していなければなりません。"
        )
    if owner["USER"] == default["USER"]:
        raise ImproperlyConfigured(
            f"DATABASE_OWNER_URL と DATABASE_URL の利用者が同じです（{owner['USER']}）。"
        )
    return owner
