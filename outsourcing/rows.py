"""Rows that hang on a contract, by statements that are composed once: a page of a contract asks for
a dozen kinds, of most of which there are none."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, models

from outsourcing.models import Contract
from outsourcing.prepared import LOWEST, Composed

ROWS = Composed()


def rows_of(model: type[models.Model], contract: Contract) -> list[models.Model]:
    """All rows of a kind on a contract, in the order of their keys; those taken back, too."""
    names = [field.attname for field in model._meta.concrete_fields]

    def compose():
        return model._base_manager.filter(contract=LOWEST).order_by("pk").values_list(*names)

    rows = [
        model.from_db(DEFAULT_DB_ALIAS, names, row)
        for row in ROWS.rows(model, compose, {LOWEST: contract.pk})
    ]
    for row in rows:
        row.contract = contract
    return rows
