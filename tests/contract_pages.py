"""A contract's pages as a test opens them, and its forms as a browser sends them."""

from __future__ import annotations

from outsourcing.models import Contract
from outsourcing.writing import contract_key


def at(contract: Contract, rest: str = "") -> str:
    return f"/contracts/{contract.code}/{rest}"


def again(contract: Contract) -> Contract:
    """As it now stands."""
    return Contract.objects.get(**contract_key(contract.code))


def send(client, address: str, **typed):
    """What the page carries by itself, and what is typed."""
    form = client.get(address).context["form"]
    carried = {field.name: field.value() for field in form.hidden_fields()}
    return client.post(address, carried | typed)
