"""What the trail costs: a bulk load and a single save, with and without its triggers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from statistics import median

from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction

from bench.measuring import Measure, seconds
from outsourcing.actions import contracts
from outsourcing.bulk import insert_rows
from outsourcing.models import Agency, Clause, Contract, Contractor
from trail import triggers
from trail.recorded import tables

ROWS, ROUNDS, SAVES = 5000, 7, 20


def what_the_trail_costs():
    load, save = f"bulk load of {ROWS:,} contracts", f"{SAVES} corrections of a contract"
    works = {load: loading(), save: saving()}
    times = defaultdict(list)
    for _ in range(ROUNDS):
        for recorded in (True, False):
            _switch(recorded)
            for name, work in works.items():
                work()  # to warm up: the tables have just changed
                times[name, recorded].append(median(seconds(work) for _ in range(3)))
    _switch(True)
    for name in works:
        with_it, without = (median(times[name, recorded]) * 1000 for recorded in (True, False))
        yield Measure(f"{name}, without the trail", without, "ms")
        yield Measure(f"{name}, with the trail", with_it, "ms")
        yield Measure(f"{name}, with / without", with_it / without, "times")


def loading() -> Callable[[], None]:
    by, sample = get_user_model().objects.order_by("pk").first(), Contractor.objects.first()
    agency, day = Agency.objects.order_by("pk").last(), date(2019, 4, 1)

    def load():
        rows = [
            Contract(
                agency=agency, contractor=sample, recorded_by=by, fiscal_year=2019, serial=n,
                title=f"業務{n}", concluded_on=day, first_day=day, agreed_last_day=day,
                last_day=day, work=Contract.Work.OTHER, clause=Clause.FORBIDDEN,
                information=Contract.Information.PERSONAL,
            )
            for n in range(1, ROWS + 1)
        ]  # fmt: skip
        with transaction.atomic():
            insert_rows(rows)
            transaction.set_rollback(True)

    return load


def saving() -> Callable[[], None]:
    """Through the action, findings included."""
    by = get_user_model().objects.order_by("pk").first()
    contract = Contract.objects.order_by("pk").first()
    version = contract.version

    def save():
        for n in range(SAVES):
            with transaction.atomic():
                contracts.correct(contract, by=by, title=f"改めた件名{n}", version=version)
                transaction.set_rollback(True)

    return save


@contextmanager
def unrecorded() -> Iterator[None]:
    """What is written within is nobody's record, and leaves none."""
    _switch(False)
    try:
        yield
    finally:
        _switch(True)


def _switch(recorded: bool) -> None:
    """As the owner of the tables, and outside of what is measured."""
    if connection.vendor == "sqlite":
        (triggers.install if recorded else triggers.remove)(connection)
        return
    how = "ENABLE" if recorded else "DISABLE"
    with connections["owner"].cursor() as cursor:
        for table in tables():
            cursor.execute(f'ALTER TABLE "{table.name}" {how} TRIGGER USER')
