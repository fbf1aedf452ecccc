"""What is measured on one database, at one size. Prints the measures as JSON."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import median

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import Membership, Role  # noqa: E402
from audit.tables import LATEST  # noqa: E402
from bench import bare_sql, million  # noqa: E402
from bench.auditing import auditing  # noqa: E402
from bench.entering import entering  # noqa: E402
from bench.exchanging import exchanging  # noqa: E402
from bench.importing import importing  # noqa: E402
from bench.measuring import Measure, pace, seconds, side_by_side  # noqa: E402
from bench.pages_of_contract import pages_of_contract  # noqa: E402
from bench.suggesting import suggesting  # noqa: E402
from bench.trail import unrecorded, what_the_trail_costs  # noqa: E402
from guideline import refresh as refreshing  # noqa: E402
from guideline.evaluation import evaluate  # noqa: E402
from guideline.facts import ContractFact  # noqa: E402
from guideline.models import Finding  # noqa: E402
from guideline.reading import facts_for  # noqa: E402
from guideline.refresh import SLICE  # noqa: E402
from guideline.rules import RULES  # noqa: E402
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
        user=user,
        role=Role.SURVEY_OFFICE,
        defaults={"first_day": date(2000, 1, 1), "confirmed_on": date(2000, 1, 1)},
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)

    def page():
        assert client.get(TABLE_OF_192).status_code == 200

    times = side_by_side({"page": page}, rounds=25)
    yield Measure(f"page of 192 rows{size}", times["page"] * 1000, "ms", 25 if not size else None)


def evaluating():
    """All rules, in memory, on one core."""
    keys = list(Contract.objects.order_by("pk").values_list("pk", flat=True))
    facts = [fact for ids in _sliced(keys) for fact in facts_for(ids)]
    gc.collect()
    gc.freeze()
    slices = _sliced(facts)
    took = side_by_side({"all": lambda: [evaluate(s) for s in slices]}, rounds=7)["all"]
    gc.unfreeze()
    yield Measure("contracts evaluated a second", len(facts) / took, "", 100_000, at_least=True)
    yield Measure("findings a contract", len(evaluate(facts)) / len(facts), "")


def _sliced(rows: list) -> list[list]:
    """As many at a time as ``refresh_findings`` takes."""
    return [rows[start : start + SLICE] for start in range(0, len(rows), SLICE)]


def judging_all_anew(size: str, known):
    """Evaluating everything, beside its floor: facts read, findings written, nothing judged.

    ``known`` are the findings as they were first made.
    """

    def known_of(facts):
        found = []
        for fact in facts:
            found += known.get(key_of(fact), ())
        return found

    def floor():
        refreshing.refresh_everything(evaluate=known_of)

    if size:  # once each, since it takes minutes
        floored = seconds(floor)
        memory, took, written = in_a_process_of_its_own()
    else:
        works = {"floor": floor, "refresh": refreshing.refresh_everything}
        times = side_by_side(works, rounds=5)
        floored, took = times["floor"], times["refresh"]
        memory, _, written = in_a_process_of_its_own()
    yield Measure(f"refresh_findings, floor{size}", floored, "s")
    yield Measure(f"refresh_findings{size}", took, "s")
    yield Measure(f"refresh_findings / floor{size}", took / floored, "times", 1.3)
    yield Measure(f"unchanged findings rewritten{size}", written, "findings", 0)
    limit = 500 if size else None
    yield Measure(f"refresh_findings, peak memory{size}", memory, "MB", limit)


def key_of(fact) -> tuple:
    """How the findings of a fact name it."""
    return (fact.id, None) if type(fact) is ContractFact else (None, fact.id)


def first_judged() -> dict:
    """Judge everything, and keep what was found."""
    known = defaultdict(list)

    def keep(facts):
        found = evaluate(facts)
        for value in found:
            known[value.contract, value.disclosure].append(value)
        return found

    refreshing.refresh_everything(evaluate=keep)
    return known


def findings_of_a_day(size: str):
    """Findings of one rule as of one day, counted and the first page listed: the slowest of all
    rules and of days from the first to the last, by the database's own time."""
    days = [date(2009, 6, 1), date(2017, 6, 1), date(2018, 3, 31), date(2018, 10, 22),
            date(2022, 3, 31), date(2030, 1, 1)]  # fmt: skip
    slowest = {}
    for rule in RULES:
        for day in days:
            of_day = Finding.objects.filter(rule=rule.code).on(day)
            took = [_database_time(of_day) for _ in range(3)]
            slowest[rule.code, day.isoformat()] = median(took)
    (rule, day), worst = max(slowest.items(), key=lambda item: item[1])
    number = Finding.objects.count()
    yield Measure(f"findings{size}", number, "findings")
    note = f"slowest: {rule} on {day}; median {median(slowest.values()) * 1000:.2g} ms"
    limit = 20 if size else None
    yield Measure(f"findings of a rule on a day{size}", worst * 1000, "ms", limit, note=note)


def _database_time(findings) -> float:
    took = []

    def timed(execute, *call):
        begun = time.perf_counter()
        try:
            return execute(*call)
        finally:
            took.append(time.perf_counter() - begun)

    with connection.execute_wrapper(timed):
        findings.count()
        begun = time.perf_counter()
        list(LATEST.of(findings).values_list("pk")[:50])
        took[-1] = time.perf_counter() - begun  # with the rows fetched
    return sum(took)


def in_a_process_of_its_own() -> tuple[float, float, int]:
    """Peak memory in MB, seconds, and findings written, of re-evaluating everything."""
    call = [sys.executable, "-m", "bench.memory"]
    return tuple(json.loads(subprocess.run(call, check=True, capture_output=True).stdout))


def one_save(size: str):
    """An approval recorded: what evaluation adds to it."""
    user = get_user_model().objects.get(username="bench")
    finding = Finding.objects.filter(severity="breach").order_by("pk").first()
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


def what_entering_takes():
    """Pages on which one works, and how soon they answer."""
    yield from entering()
    yield from pages_of_contract()
    yield from suggesting()


# What can be measured alone.
PARTS = {"entering": what_entering_takes, "exchange": exchanging, "importing": importing}
# The same, of a million contracts, which take minutes to make.
GROWN = {"auditing": auditing}


def measures(parts: list[str]):
    """All of it, or only these ``PARTS``."""
    call_command("prepare_database", verbosity=0)
    call_command("load_reference", verbosity=0)
    round_ = rounds.find(2017)
    took = seconds(lambda: call_command("reproduce", "2017", verbosity=0, stdout=sys.stderr))
    yield Measure("reproduce 2017", took, "s", 30)
    million.tidy()
    if parts:
        for part in PARTS:  # an import comes last: it makes the ledger another
            if part in parts:
                yield from PARTS[part]()
        if grown := GROWN.keys() & set(parts):
            with unrecorded():
                million.grow(round_)
            refreshing.refresh_everything()
            million.tidy()
            for part in grown:
                yield from GROWN[part]()
        return
    yield from the_counts(round_, "")
    yield from a_page("")
    yield from exporting(round_)
    yield from exchanging()
    yield from evaluating()
    yield from judging_all_anew("", first_judged())
    yield from findings_of_a_day("")
    yield from one_save("")
    yield from what_entering_takes()
    yield from what_the_trail_costs()
    with unrecorded():
        grown = seconds(lambda: million.grow(round_))
    yield Measure("grow to 1,017,810 contracts", grown, "s")
    size = ", 1,000,000 contracts"
    known = first_judged()
    million.tidy()
    yield from the_counts(round_, size)
    yield from a_page(size)
    yield from findings_of_a_day(size)
    yield from one_save(size)
    yield from judging_all_anew(size, known)
    yield from auditing()


if __name__ == "__main__":
    storage = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=storage):
        found = []
        for measure in measures(sys.argv[2:]):
            found.append(measure._replace(pace=pace()))
            print(
                f"{connection.vendor}: {measure.name}: {measure.value:.3g} {measure.unit}, "
                f"pace {found[-1].pace:.0f}",
                file=sys.stderr,
            )
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
