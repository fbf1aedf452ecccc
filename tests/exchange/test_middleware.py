"""What pages are told of imports."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.urls import reverse

from accounts.models import Role
from exchange.models import State
from tests import factories as make
from tests.imports import checked
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db
WAITS = "確認を待っている取込みが1件あります"


@pytest.fixture(autouse=True)
def _aside(tmp_path):
    with override_settings(IMPORT_DIR=tmp_path / "imports"):
        yield


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OFFICER])
def test_who_may_carry_out_is_told_that_an_import_of_the_agency_waits(role):
    agency = make.agency()
    client = client_of(make.user(role=role, agency=agency))
    checked(agency=make.agency())
    checked(agency=agency, state=State.WRONG)
    assert "確認を待っている取込み" not in text(client.get(reverse("work")))
    checked(agency=agency)
    assert WAITS in text(client.get(reverse("work")))
