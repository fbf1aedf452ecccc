"""Forms of a contract's page that refer to anything, for tests/test_foreign_keys_of_forms.py."""

from __future__ import annotations

from datetime import date

from outsourcing import record_forms
from outsourcing.abilities import Ability
from outsourcing.chain_forms import LinkFields, LinkForm, MoveForm, NewLinkForm
from outsourcing.chain_views import links_of
from outsourcing.contract_forms import CorrectForm
from outsourcing.models import Agency, Contract, Contractor
from tests import factories as make

NOBODY = "どこにもない会社"


def named_of_contract(own: Contract, theirs: Contract) -> tuple[tuple, tuple]:
    """(numbers of links, names of companies): an own one, another agency's alone, none."""
    for contract, number in ((own, 1), (theirs, 2)):
        while contract.subcontracts.count() < number:
            make.link(contract=contract)
    return ("1", "2", "99"), (_person(own.agency), _person(theirs.agency), NOBODY)


def _person(agency: Agency) -> str:
    """Somebody without a number, whom that agency alone knows."""
    return make.contractor(
        name=f"見本{agency.code}太郎", agency=agency, no_number_reason="individual"
    ).name


def known(made):
    return Contractor.objects.visible_to(made.access.scope(Ability.READ_LEDGER))


def own_link(made):
    return made.contract.subcontracts.order_by("number").first()


def record(form: type):
    return lambda made, data: form(data, links=links_of(made.contract)), {"subcontract": "numbers"}


def fields(made, data):
    form = LinkFields(data)
    form.fields["contractor"].contractors = known(made)
    return form


FORMS_OF_CONTRACT = {
    LinkFields: (fields, {"contractor": "companies"}),
    CorrectForm: (
        lambda made, data: CorrectForm(made.contract, data, contractors=known(made)),
        {"contractor": "companies"},
    ),
    NewLinkForm: (
        lambda made, data: NewLinkForm(data, contractors=known(made), first_day=date(2017, 4, 1)),
        {"contractor": "companies"},
    ),
    LinkForm: (
        lambda made, data: LinkForm(own_link(made), data, contractors=known(made)),
        {"contractor": "companies"},
    ),
    MoveForm: (
        lambda made, data: MoveForm(own_link(made), data, links=links_of(made.contract)),
        {"parent": "numbers"},
    ),
    **{
        form: record(form)
        for form in (
            record_forms.OnContractForm,
            record_forms.DisposalForm,
            record_forms.ReportForm,
            record_forms.FaultForm,
            record_forms.IncidentForm,
        )
    },
}
