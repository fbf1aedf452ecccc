"""An agency and its officer, as the tests of pages of imports begin. ``signed_in`` and not
``client``, which is that of pytest-django: nobody's."""

from __future__ import annotations

import pytest

from exchange import aside
from tests import factories as make
from tests.pages import client_of


@pytest.fixture
def nothing_started(settings, tmp_path, monkeypatch):
    """What is sent lies aside of this test alone, and no process looks at it."""
    settings.IMPORT_DIR = tmp_path / "imports"
    monkeypatch.setattr(aside, "start", lambda *args, **kwargs: None)


@pytest.fixture
def agency():
    made = make.agency(code="A01", name="あおぞら省")
    make.contractor(name="株式会社甲")
    return made


@pytest.fixture
def officer(agency):
    return make.officer(agency)


@pytest.fixture
def signed_in(officer):
    return client_of(officer)
