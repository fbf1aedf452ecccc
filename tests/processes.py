"""Which tests one process runs, and what comes first: what the hooks of conftest.py go by."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

REPRODUCED = "tests/surveys/reproduced/"
LONG = (REPRODUCED, "tests/browser/")
# Many dear tests that share nothing: each goes to whoever is free, and they come last.
APART = (
    "tests/guideline/test_against_oracle.py",
    "tests/test_non_interference.py",
    "tests/test_who_may_what.py",
)


def turn(nodeid: str) -> int:
    """What is long comes first, so that no process works alone at the end."""
    return 0 if nodeid.startswith(LONG) else 2 if nodeid.startswith(APART) else 1


def together(nodeid: str) -> str:
    """What is equal for tests of one process: the module, which makes once what they share."""
    if nodeid.startswith(REPRODUCED):
        return REPRODUCED
    return nodeid if nodeid.startswith(APART) else nodeid.partition("::")[0]


class ByModule(LoadScopeScheduling):
    """By marks (``loadgroup``) it would be pytest-xdist itself; its 3.8 does not with pytest 9.2,
    and says nothing: each process then makes everything."""

    def __init__(self, config, log=None):
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)
