"""Which tests one process runs: else each process makes what they share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes import APART, LONG, REPRODUCED, together, turn

ROOT = Path(__file__).resolve().parents[1]


def test_a_module_is_run_by_one_process():
    of_one = ("tests/a/test_b.py::test_c[d::e]", "tests/a/test_b.py::TestC::test_d")
    assert {together(nodeid) for nodeid in of_one} == {"tests/a/test_b.py"}
    assert together("tests/a/test_c.py::test_c") == "tests/a/test_c.py"


def test_so_are_all_that_share_the_reproduced_ledger():
    modules = sorted((ROOT / REPRODUCED).glob("test_*.py"))
    assert len(modules) > 1
    of_each = {together(f"{path.relative_to(ROOT)}::test_a") for path in modules}
    assert of_each == {REPRODUCED}


def test_what_shares_nothing_goes_to_whoever_is_free_and_comes_last():
    one, other = (f"{APART[0]}::test_a[{n}]" for n in range(2))
    assert together(one) != together(other)
    order = ["tests/browser/test_a.py::test_a", "tests/audit/test_a.py::test_a", one]
    assert [turn(nodeid) for nodeid in order] == [0, 1, 2]


@pytest.mark.parametrize("path", [*APART, *LONG])
def test_each_is_there(path):
    assert (ROOT / path).exists()
