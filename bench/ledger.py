"""What is measured on one database, at one size. Prints the measures as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import Membership, Role  # noqa: E402
from bench import bare_sql, million  # noqa: E402
from bench.measuring import Measure, seconds, side_by_side  # noqa: E402
from guideline import refresh as refreshing  # noqa: E402
from guideline.evaluation import evaluate  # noqa: E402
from guideline.facts import facts_for  # noqa: E402
from guideline.models import Finding  # noqa: E402
from outsourcing.actions import subcontracts  # noqa: E402
from outsourcing.models import Contract, Subcontract  # noqa: E402
from outsourcing.scope import Scope  # noqa: E402
from outsourcing.signals import ledger_changed  # noqa: E402
from surveys import rounds  # noqa: E402
from surveys.classification import counts  # noqa: E402
from surveys.exports import export  # noqa: E402

EVERYTHING = Scope.everything()
TABLE_OF_192 = "/surveys/2017/tables/independent-agencies/"


def the_counts(round_, size: str):
    """The five tables' counts through the ORM, beside the best bare SQL."""
    works = {name: (lambda way=way: way(round_.surveys)) for name, way in bare_sql.WAYS.items()}
    times = side_by_side(works | {"orm": lambda: counts(round_.surveys, EVERYTHING)}, rounds=15)
    best = min(times[name] for name in bare_sql.WAYS)
    way = next(name for name in bare_sql.WAYS if times[name] == best)
    yield Measure(f"counts, bare SQL{size}", best * 1000, "ms", note=f"best way: {way}")
    yield Measure(f"counts, ORM{size}", times["orm"] * 1000, "ms")
    yield Measure(f"counts, ORM / bare SQL{size}", times["orm"] / best, "times", 1.5)
    with CaptureQueriesContext(connection) as queries:
        rounds.tables(round_, EVERYTHING)
    yield Measure(f"five tables, queries{size}", len(queries), "queries")


def a_page(size: str):
    """A whole page of 192 rows, from request to last byte."""
    user, _ = get_user_model().objects.get_or_create(username="bench")
    Membership.objects.get_or_create(
        user=user, role=Role.SURVEY_OFFICE, defaults={"first_day": date(2000, 1, 1)}
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)

    def page():
        assert client.get(TABLE_OF_192).status_code == 200

    times = side_by_side({"page": page}, rounds=25)
    yield Measure(f"page of 192 rows{size}", times["page"] * 1000, "ms", 25 if not size else None)


def refreshing_everything(size: str):
    """Evaluating everything, beside its floor: facts read, findings written, nothing judged."""
    floor = _floor()
    works = {
        "floor": lambda: refreshing.refresh_everything(evaluate=floor),
        "refresh": lambda: refreshing.refresh_everything(evaluate=evaluate),
    }
    times = side_by_side(works, rounds=1 if size else 5)
    difference = refreshing.refresh_everything()
    written = difference.added + difference.changed + difference.removed
    yield Measure(f"refresh_findings, floor{size}", times["floor"], "s")
    yield Measure(f"refresh_findings{size}", times["refresh"], "s")
    ratio = times["refresh"] / times["floor"]
    yield Measure(f"refresh_findings / floor{size}", ratio, "times", 1.3)
    yield Measure(f"unchanged findings rewritten{size}", written, "findings", 0)
    yield Measure(f"refresh_findings, peak memory{size}", memory_of_a_refresh(), "MB")


def _floor():
    """An evaluation that hands out what is known already."""
    known = {}
    ids = sorted(set(Finding.objects.values_list("contract_id", flat=True)))
    for start in range(0, len(ids), 500):
        chunk = Contract.objects.filter(pk__in=ids[start : start + 500])
        known |= {fact.id: list(evaluate(fact)) for fact in facts_for(chunk)}
    return lambda fact: known.get(fact.id, ())


def memory_of_a_refresh() -> float:
    """Peak memory, in MB, of a process of its own that re-evaluates everything."""
    call = [sys.executable, "-m", "bench.memory"]
    return float(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def one_save(size: str):
    """An approval recorded: what evaluation adds to it."""
    user = get_user_model().objects.get(username="bench")
    finding = Finding.objects.order_by("pk").first()
    link = Subcontract.objects.filter(contract=finding.contract_id).order_by("pk").first()

    def save():
        with transaction.atomic():
            subcontracts.approve(link, by=user, decided_on=date(2018, 3, 1), result="approved")
            transaction.set_rollback(True)

    def save_unjudged():
        with _deaf():
            save()

    with CaptureQueriesContext(connection) as judged:
        save()
    with CaptureQueriesContext(connection) as unjudged:
        save_unjudged()
    times = side_by_side({"judged": save, "unjudged": save_unjudged}, rounds=60)
    added = (times["judged"] - times["unjudged"]) * 1000
    yield Measure(f"one save, without evaluation{size}", times["unjudged"] * 1000, "ms")
    yield Measure(f"one save, what evaluation adds{size}", added, "ms", 5)
    yield Measure(f"one save, queries of evaluation{size}", len(judged) - len(unjudged), "queries")


class _deaf:
    """Nobody hears that the ledger changed."""

    def __enter__(self):
        ledger_changed.disconnect(refreshing.on_ledger_changed)

    def __exit__(self, *exception):
        ledger_changed.connect(refreshing.on_ledger_changed)


def exporting(round_):
    took = side_by_side(
        {"x": lambda: export(round_, EVERYTHING, "tables.xlsx", {}, on=date(2018, 10, 22))},
        rounds=5,
    )
    yield Measure("workbook of the five tables, both forms", took["x"], "s")


def measures():
    call_command("prepare_database", verbosity=0)
    call_command("load_reference", verbosity=0)
    round_ = rounds.find(2017)
    took = seconds(lambda: call_command("reproduce", "2017", verbosity=0, stdout=sys.stderr))
    yield Measure("reproduce 2017", took, "s", 30)
    yield from the_counts(round_, "")
    yield from a_page("")
    yield from exporting(round_)
    yield from refreshing_everything("")
    yield from one_save("")
    yield Measure("grow to 1,017,810 contracts", seconds(lambda: million.grow(round_)), "s")
    size = ", 1,000,000 contracts"
    refreshing.refresh_everything()
    yield from the_counts(round_, size)
    yield from a_page(size)
    yield from refreshing_everything(size)
    yield from one_save(size)


if __name__ == "__main__":
    storage = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=storage):
        found = []
        for measure in measures():
            print(
                f"{connection.vendor}: {measure.name}: {measure.value:.3g} {measure.unit}",
                file=sys.stderr,
            )
            found.append(measure)
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
