"""Stored findings are written as a difference, with a bounded number of queries, under one law."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guideline import evaluation, law, refresh
from guideline.checks import findings_are_of_this_law
from guideline.models import Finding, Law
from guideline.refresh import Difference, is_stale, refresh_everything
from outsourcing.actions import contractors, contracts, subcontracts
from outsourcing.actions.base import recording
from outsourcing.models import Approval, Contract, Shareholding, Subcontract
from tests import factories as make
from tests.snapshots import signals, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]

APRIL_1, THE_END = date(2017, 4, 1), date(2018, 4, 1)


def rows():
    return list(Finding.objects.order_by("pk").values())


def write_statements(captured):
    """What was written to the findings, and not merely read or locked."""
    return [
        query["sql"]
        for query in captured
        if "guideline_finding" in query["sql"]
        and query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]


@pytest.fixture
def ledger():
    """Two contracts with unapproved links; the second has a chain of three."""
    one, two = make.contract(), make.contract()
    return [make.link(contract=one)], make.chain(contract=two, depth=3)


# The difference


def test_what_was_found_before_is_not_written_again(ledger):
    before = rows()
    assert len(before) == 4
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert refresh_everything() == Difference(kept=4)
    assert write_statements(queries.captured_queries) == []
    assert rows() == before


def test_a_change_of_one_contract_leaves_the_rows_of_others_alone(ledger):
    (link,), chain = ledger
    others = list(Finding.objects.filter(contract=link.contract).values())
    make.approval(link=chain[0], decided_on=date(2017, 6, 1))
    subcontracts.void_link(chain[2], by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    assert list(Finding.objects.filter(contract=link.contract).values()) == others


def test_a_finding_that_ends_earlier_is_the_same_row(ledger):
    (link,), _ = ledger
    before = Finding.objects.get(contract=link.contract)
    make.approval(link=link, decided_on=date(2017, 6, 1))
    after = Finding.objects.get(contract=link.contract)
    assert (after.pk, after.since) == (before.pk, before.since)
    assert (before.until, after.until) == (THE_END, date(2017, 6, 1))


def test_added_changed_removed_and_kept_are_told_apart(ledger):
    (link,), chain = ledger
    Finding.objects.filter(contract=link.contract).delete()
    kept, wrong, more = Finding.objects.filter(contract=chain[0].contract).order_by("subject")
    Finding.objects.filter(pk=wrong.pk).update(until=date(2017, 5, 1), ends=date(2017, 5, 1))
    Finding.objects.filter(pk=more.pk).update(relations=[])
    stray = Finding.objects.create(
        contract=link.contract,
        agency=link.agency,
        rule="unapproved-subcontract",
        subject="link:9",
        severity="breach",
        since=APRIL_1,
        ends=date.max,
        law=kept.law,
        shape=kept.shape,
    )
    assert refresh_everything() == Difference(added=1, changed=2, removed=1, kept=1)
    assert not Finding.objects.filter(pk=stray.pk).exists()
    assert set(Finding.objects.values_list("until", flat=True)) == {THE_END}
    assert refresh_everything() == Difference(kept=4)


def test_an_action_that_changes_nothing_writes_no_finding(ledger):
    (link,), _ = ledger
    with CaptureQueriesContext(connection) as queries:
        subcontracts.correct(link, by=make.recorder(), place="大阪市")
    assert write_statements(queries.captured_queries) == []


def test_a_holding_re_evaluates_the_chains_it_touches_and_no_other(ledger):
    _, chain = ledger
    with signals() as sent:
        holding = make.holding(holder=make.contractor(), held=chain[1].contractor)
        make.holding(holder=make.contractor(), held=holding.holder)  # above what stands above
        contractors.dissolve(holding.holder, by=make.recorder(), on=date(2017, 9, 1))
        make.holding(holder=make.contractor(), held=make.contractor())  # of nobody
    assert sent == [frozenset({chain[1].contract_id})] * 3


def test_a_bulk_is_evaluated_once():
    contract = make.contract()
    links = [
        Subcontract(contract=contract, contractor=make.contractor(), first_day=contract.first_day)
        for _ in range(5)
    ]
    with signals() as sent:
        subcontracts.pass_on_many(links, by=make.recorder())
    assert sent == [frozenset({contract.pk})]
    assert Finding.objects.filter(contract=contract).count() == 5


def test_actions_within_one_transaction_of_the_ledger_are_evaluated_once(ledger):
    (link,), chain = ledger
    with signals() as sent, recording():
        make.approval(link=link)
        make.approval(link=chain[0])
    assert sent == [frozenset({link.contract_id, chain[0].contract_id})]
    assert Finding.objects.count() == 2


def test_a_refused_action_leaves_ledger_and_findings(ledger):
    (link,), _ = ledger
    before = snapshot()
    with pytest.raises(ValidationError):
        make.approval(link=link, first_day=date(2017, 6, 1), last_day=date(2017, 5, 1))
    assert snapshot() == before


# Queries


def counted(action) -> int:
    with CaptureQueriesContext(connection) as queries:
        action()
    return len(queries.captured_queries)


def deep(depth):
    """A contract with a chain, each link approved late and held by the prime contractor."""
    contract, by, links = make.contract(), make.recorder(), []
    for _ in range(depth):
        links.append(
            Subcontract(
                contract=contract,
                parent=links[-1] if links else None,
                contractor=make.contractor(),
                first_day=contract.first_day,
            )
        )
    subcontracts.pass_on_many(links, by=by)
    late = {"decided_on": date(2017, 5, 1), "result": "approved"}
    subcontracts.record_many([Approval(subcontract=link, **late) for link in links], by=by)
    held = {"holder": contract.contractor, "share": 60, "first_day": date(2010, 4, 1)}
    contractors.hold_many([Shareholding(held=link.contractor, **held) for link in links], by=by)
    return links


# What each verb may ask at most: reading and locking what it changes, writing it, savepoints, and
# ten for the evaluation.
SAVES = {
    "correct a contract": (
        lambda link: contracts.correct(link.contract, by=make.recorder(), title="新しい件名"),
        21,
    ),
    "approve a link": (lambda link: make.approval(link=link, decided_on=date(2017, 4, 3)), 18),
    "pass on": (
        lambda link: make.link(
            contract=link.contract, parent=link, contractor=link.contract.contractor
        ),
        21,
    ),
    "end a link": (
        lambda link: subcontracts.correct(link, by=make.recorder(), last_day=date(2017, 8, 1)),
        21,
    ),
    "amend": (
        lambda link: contracts.amend(
            link.contract, by=make.recorder(), effective_on=date(2017, 7, 1), clause="forbidden"
        ),
        21,
    ),
}


@pytest.mark.parametrize(("save", "at_most"), SAVES.values(), ids=SAVES)
def test_a_save_asks_as_much_of_a_chain_of_thirty_as_of_one(save, at_most):
    make.recorder()
    save(deep(1)[-1])  # findings of these shapes are known
    save(deep(30)[-1])
    short, long = deep(1)[-1], deep(30)[-1]
    with CaptureQueriesContext(connection) as queries:
        save(short)
    assert len(queries.captured_queries) <= at_most, [q["sql"] for q in queries.captured_queries]
    assert counted(lambda: save(long)) == len(queries.captured_queries)


def test_evaluating_more_contracts_asks_no_more(ledger):
    few = counted(refresh_everything)
    for _ in range(20):
        make.chain(contract=make.contract(), depth=2)
    assert counted(refresh_everything) == few


# The law


@pytest.fixture
def other_law(monkeypatch):
    """As if the code, or an edition, had changed since findings were stored."""

    def change(digest="f" * 64):
        monkeypatch.setattr(law, "digest", lambda: digest)

    return change


def asked():
    return [(error.id, error.hint) for error in findings_are_of_this_law(databases=["default"])]


def test_a_new_ledger_is_not_stale():
    assert not is_stale()
    assert asked() == []


def test_findings_of_another_law_are_stale_until_all_are_judged_anew(ledger, other_law):
    assert not is_stale()
    before = rows()
    other_law()
    assert is_stale()
    assert asked() == [("guideline.E001", "manage.py refresh_findings を実行してください。")]
    # One contract judged by the new law is not all of them.
    make.approval(link=ledger[0][0], decided_on=date(2017, 6, 1))
    assert is_stale()
    assert refresh_everything() == Difference(kept=4)
    assert not is_stale()
    assert asked() == []
    assert [row["id"] for row in rows()] == [row["id"] for row in before]
    assert {row["law_id"] for row in rows()} == {Law.objects.get(digest="f" * 64).pk}


def test_going_back_to_a_law_is_stale_too(ledger, other_law):
    first = law.digest()
    other_law()
    refresh_everything()
    other_law(first)
    # All was once judged by it, but what is stored was made under the newer one.
    assert is_stale()
    refresh_everything()
    assert not is_stale()


def test_one_finding_of_another_law_makes_the_first_law_stale(ledger, other_law):
    first = law.digest()
    other_law()
    make.approval(link=ledger[0][0], decided_on=date(2017, 6, 1))
    other_law(first)
    assert is_stale()


def test_an_interrupted_evaluation_stays_stale(ledger, other_law, monkeypatch):
    other_law()
    monkeypatch.setattr(refresh, "SLICE", 1)

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh_everything(progress=stop)
    assert is_stale()
    refresh_everything()
    assert not is_stale()


def test_the_check_asks_nothing_where_no_database_is_asked_about(ledger, other_law):
    other_law()
    assert findings_are_of_this_law(databases=None) == []
    assert findings_are_of_this_law(databases=["other"]) == []


@pytest.mark.parametrize(
    "file",
    [
        "guideline/editions/2018-10-22.toml",
        "guideline/rules/unapproved_subcontract.py",
        "guideline/intervals.py",
        "guideline/facts.py",
        "guideline/reading.py",
        "guideline/records.py",
        "guideline/windows.py",
        "guideline/edition_files.py",
        "guideline/law.py",
        "guideline/evaluation.py",
        "outsourcing/holdings.py",
        "outsourcing/recorded_holdings.py",
    ],
)
def test_whatever_decides_days_is_part_of_the_law(file, monkeypatch):
    before = law.digest()
    changed = law.HERE.parent / file
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: read(path) + b"#" * (path.resolve() == changed)
    )
    assert changed.exists()
    assert law.digest.__wrapped__() != before


def test_the_command_says_what_changed(ledger):
    Finding.objects.all().delete()
    out = StringIO()
    call_command("refresh_findings", stdout=out, stderr=StringIO())
    assert out.getvalue().startswith("findings: added 4, changed 0, removed 0, unchanged 0 (")


# Slices


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 100])
def test_every_contract_is_judged_wherever_slices_end(size, monkeypatch):
    for _ in range(5):
        make.link(contract=make.contract())
    voided = make.link(contract=make.contract()).contract
    contracts.void_contract(voided, by=make.recorder(), on=date(2018, 1, 9), reason="誤り")
    before = Finding.objects.count()
    Finding.objects.all().delete()
    monkeypatch.setattr(refresh, "SLICE", size)
    told = []
    assert refresh_everything(progress=told.append) == Difference(added=before)
    assert told[-1] == Contract.objects.count()
    assert told == sorted(set(told))
    assert refresh_everything() == Difference(kept=before)


@pytest.mark.parametrize("most", [0, 2, 1000])
@pytest.mark.parametrize("part", [1, 2, 5, 6])
def test_what_is_written_while_further_ones_are_judged_is_the_same(part, most, monkeypatch):
    """Added, changed and removed ones, in any part of a slice."""
    chains = [make.chain(contract=make.contract(), depth=2) for _ in range(6)]
    written = list(Finding.objects.order_by("pk").values_list("contract", "rule", "subject"))
    Finding.objects.filter(contract=chains[0][0].contract).delete()
    wrong = Finding.objects.filter(contract=chains[3][0].contract)
    wrong.update(relations=[], provision="8-1")
    stray = Finding.objects.filter(contract=chains[5][0].contract).first()
    Finding.objects.filter(pk=stray.pk).update(subject="link:9")
    monkeypatch.setattr(refresh, "PART", part)
    monkeypatch.setattr(refresh, "MOST", dict.fromkeys(refresh.MOST, most))
    each = len(written) // len(chains)
    told = refresh_everything()
    assert told == Difference(each + 1, each, 1, len(written) - 2 * each - 1)
    found = Finding.objects.order_by("contract").values_list("contract", "rule", "subject")
    assert sorted(found) == sorted(written)
    assert refresh_everything() == Difference(kept=len(written))


@pytest.mark.parametrize("size", [1, 2, 100])
def test_contracts_far_apart_are_judged_and_those_between_left_alone(size, monkeypatch):
    links = [make.link(contract=make.contract()) for _ in range(12)]
    Finding.objects.all().delete()
    monkeypatch.setattr(refresh, "SLICE", size)
    ends = [links[0].contract_id, links[-1].contract_id]
    assert refresh.refresh(ends) == Difference(added=2)
    assert set(Finding.objects.values_list("contract_id", flat=True)) == set(ends)


def test_no_contracts_are_no_difference():
    assert refresh.refresh([]) == Difference()
    assert refresh_everything() == Difference()


def test_what_does_not_evaluate_removes_everything(ledger):
    """The measure of reading and writing alone replaces the evaluation, and nothing else."""
    assert refresh_everything(evaluate=lambda facts: ()) == Difference(removed=4)
    assert refresh_everything(evaluate=evaluation.evaluate) == Difference(added=4)
