"""Whatever a form lets one name: what another agency has is refused in the very words for what
there is not. Every form of the application that refers to anything stands in FORMS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django import forms
from django.forms.forms import BaseForm
from django.http import QueryDict
from django.urls import get_resolver
from django_filters import FilterSet, ModelChoiceFilter

from accounts import people_forms
from accounts.access import access_of
from accounts.models import Role
from accounts.people import writers
from audit.advisory_forms import AdvisoryForm
from audit.comparing import ChangeFilter
from audit.comparing_views import parts_of
from audit.crosstab_filters import CrosstabContractFilter, CrosstabFilter
from audit.filters import FindingFilter
from audit.forms import PartsForm
from audit.report_forms import NewReportForm
from config.settings import TRAIL_APPS as APPS
from exchange.import_forms import UploadForm
from outsourcing.abilities import Ability
from outsourcing.actions import contracts
from outsourcing.filters import ContractFilter, DisclosureFilter
from outsourcing.forms import MergeForm, Refers, SupervisorForm, TransferForm
from outsourcing.models import Agency, AgencyKind, Contract, Disclosure, Section
from surveys.classification import classified
from surveys.filters import SurveyContractFilter
from tests import factories as make
from tests import ledgers
from tests.forms_of_contract import FORMS_OF_CONTRACT, named_of_contract
from tests.forms_of_corrections import FORMS_OF_CORRECTIONS, named_findings
from tests.forms_of_drafts import FORMS_OF_DRAFTS
from tests.forms_of_inspections import FORMS_OF_INSPECTIONS, named_plans
from tests.forms_of_masters import FORMS_OF_MASTERS
from tests.forms_of_papers import FORMS_OF_PAPERS
from tests.forms_of_work import FORMS_OF_WORK

pytestmark = pytest.mark.django_db

DAY = date(2018, 4, 1)


class Named(NamedTuple):
    """What can be named: an own thing, another agency's, and one that there is not."""

    own: str
    other: str
    none: str


class Ledger:
    """Two agencies with the same kinds of things, seen by a chief of the first."""

    def __init__(self):
        made = ledgers.three_agencies()
        self.round, self.agency, self.elsewhere = made.round, made.own, made.other
        self.body = made.independent
        self.access = access_of(make.user(role=Role.CHIEF, agency=made.own), on=DAY)
        self.request = SimpleNamespace(
            access=self.access, scope=self.access.scope(Ability.READ_LEDGER)
        )
        self.contract, theirs = self._contract(made.own), self._contract(made.other)
        make.section(agency=made.own, code="111")
        make.section(agency=made.other, code="222")
        self.agencies = Named("A01", "A02", "A99")
        self.sections = Named("111", "222", "999")
        self.coded = Named("A01/111", "A02/222", "A01/999")  # sections with their agencies
        self.contracts = Named(self.contract.code, theirs.code, "A01-2017-99999")
        for contract in (self.contract, theirs):
            make.link(contract=contract)
        self.links = Named(*(f"{code}:link:1" for code in self.contracts))
        self.officers = Named(self.contract.officer.username, theirs.officer.username, "nobody")
        numbers, companies = named_of_contract(self.contract, theirs)
        self.numbers, self.companies = Named(*numbers), Named(*companies)
        self.plans = Named(*named_plans(self.contract, theirs))
        self.findings = Named(*named_findings(self.contract, theirs))
        self.organs = Named("A02", "B001", "A99")

    def _contract(self, agency: Agency) -> Contract:
        row = make.contract(agency=agency)
        return contracts.put_in_charge(row, by=make.recorder(), officer=make.officer(agency))

    def own_sections(self):
        return Section.objects.filter(agency=self.agency)


def filtered(filter_class, queryset: Callable, **more) -> Callable:
    return lambda made, data: (
        filter_class(data, queryset=queryset(made), request=made.request, **more).form
    )


def of_survey(made: Ledger, data):
    survey = made.round.surveys[0]
    rows = classified(survey, made.request.scope)
    return SurveyContractFilter(data, queryset=rows, request=made.request, survey=survey).form


def handover(made: Ledger, data):
    able = writers(made.agency, on=DAY)
    return people_forms.HandoverForm(data, agency=made.agency, today=DAY, writers=able)


def crosstab(filter_class):
    def form(made: Ledger, data):
        scope = made.request.scope
        rows = Contract.objects.visible_to(scope)
        return filter_class(data, queryset=rows, request=made.request, on=DAY, scope=scope).form

    return form


def findings(made: Ledger):
    return FindingFilter.Meta.model.objects.visible_to(made.request.scope)


def report(made: Ledger, data):
    agencies = Agency.objects.filter(pk__in=[made.agency.pk, made.body.pk])
    return NewReportForm(data, agencies=agencies, everything=False, today=DAY)


# Form -> how it is made for a chief, and what is named in each of its fields that refers.
FORMS = {
    **FORMS_OF_CORRECTIONS,
    **FORMS_OF_MASTERS,
    **FORMS_OF_PAPERS,
    **FORMS_OF_CONTRACT,
    **FORMS_OF_DRAFTS,
    ContractFilter: (
        filtered(ContractFilter, lambda made: Contract.objects.visible_to(made.request.scope)),
        {"agency": "agencies", "section": "coded"},
    ),
    DisclosureFilter: (
        filtered(DisclosureFilter, lambda made: Disclosure.objects.visible_to(made.request.scope)),
        {"agency": "agencies"},
    ),
    FindingFilter: (
        filtered(FindingFilter, findings, on=DAY),
        {"agency": "agencies", "section": "coded", "contractor": "companies"},
    ),
    ChangeFilter: (
        filtered(ChangeFilter, findings, on=DAY),
        {"agency": "agencies", "section": "coded", "contractor": "companies"},
    ),
    PartsForm: (
        lambda made, data: PartsForm(data, parts=parts_of(made.request)),
        {"left": "agencies", "right": "coded"},
    ),
    SurveyContractFilter: (of_survey, {"agency": "agencies"}),
    NewReportForm: (report, {"agency": "agencies"}),
    CrosstabFilter: (crosstab(CrosstabFilter), {"agency": "agencies"}),
    CrosstabContractFilter: (crosstab(CrosstabContractFilter), {"agency": "agencies"}),
    people_forms.PeopleFilter: (
        filtered(people_forms.PeopleFilter, lambda made: people_forms.User.objects.all()),
        {"agency": "agencies"},
    ),
    people_forms.ProposalForm: (
        lambda made, data: people_forms.ProposalForm(
            data, scope=made.access.scope(Ability.PROPOSE_MEMBERS)
        ),
        {"agency": "agencies", "section": "sections"},
    ),
    people_forms.OfficerForm: (
        lambda made, data: people_forms.OfficerForm(
            made.contract, data, writers=writers(made.agency, on=DAY)
        ),
        {"officer": "officers"},
    ),
    people_forms.HandoverForm: (handover, {"of": "officers", "to": "officers"}),
    people_forms.ChosenContractsForm: (
        lambda made, data: people_forms.ChosenContractsForm(
            data, rows=Contract.objects.filter(agency=made.agency)
        ),
        {"contracts": "contracts"},
    ),
    MergeForm: (
        lambda made, data: MergeForm(data, sections=made.own_sections()),
        {"sections": "sections", "into": "sections"},
    ),
    TransferForm: (
        lambda made, data: TransferForm(made.contract, data, sections=made.own_sections()),
        {"section": "sections"},
    ),
    # The survey office's alone, to which all agencies are known: one that is none to be chosen.
    SupervisorForm: (
        lambda made, data: SupervisorForm(
            made.body, data, organs=Agency.objects.filter(kind=AgencyKind.ORGAN)
        ),
        {"supervisor": "organs"},
    ),
    **FORMS_OF_WORK,
    UploadForm: (
        lambda made, data: UploadForm(data, agencies=[made.agency, made.body]),
        {"agency": "agencies"},
    ),
    AdvisoryForm: (
        lambda made, data: AdvisoryForm(
            data, agencies=Agency.objects.filter(pk=made.agency.pk), request=made.request, today=DAY
        ),
        {"targets": "agencies", "names": "agencies"},
    ),
}
FORMS |= FORMS_OF_INSPECTIONS
BESIDE = {"agency": "A01"}  # what a field needs beside it, where the form has it
FIELDS = [
    pytest.param(form, field, id=f"{form.__name__}.{field}")
    for form, (_, fields) in FORMS.items()
    for field in fields
]


def subclasses(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def looks_up(filter_) -> bool:
    return isinstance(filter_, ModelChoiceFilter) or issubclass(filter_.field_class, Refers)


def referring(form: type) -> set[str]:
    if issubclass(form, FilterSet):
        return {name for name, filter_ in form.base_filters.items() if looks_up(filter_)}
    kinds = (forms.ModelChoiceField, Refers)
    return {name for name, field in form.base_fields.items() if isinstance(field, kinds)}


def test_every_form_that_refers_to_anything_is_tried_here():
    assert get_resolver().url_patterns  # so that all pages, and with them all forms, are loaded
    known = {*subclasses(BaseForm), *subclasses(FilterSet)}
    ours = {form for form in known if form.__module__.partition(".")[0] in APPS}
    found = {form: names for form in ours if (names := referring(form))}
    assert found == {form: set(fields) for form, (_, fields) in FORMS.items()}


def test_a_form_that_looks_something_up_would_be_found():
    class Looks(forms.Form):
        agency = forms.ModelChoiceField(Agency.objects.all())

    class LooksUpCodes(forms.Form):
        section = people_forms.SectionCodeField()

    assert (referring(Looks), referring(LooksUpCodes)) == ({"agency"}, {"section"})


@pytest.mark.parametrize(("form", "field"), FIELDS)
def test_what_another_agency_has_is_refused_like_what_there_is_not(form, field):
    made = Ledger()
    make_form, named = FORMS[form][0], getattr(made, FORMS[form][1][field])
    says = partial(errors, partial(make_form, made), field)
    assert says(named.own) is None
    assert says(named.other) == says(named.none) is not None


def errors(make_form: Callable, field: str, identifier: str) -> str | None:
    """What the form says of the field, without the identifier it names; None if it takes it."""
    data = QueryDict(mutable=True)
    data.update(BESIDE | {field: identifier})
    said = make_form(data).errors.get(field)
    if said is None:
        return None
    text = "".join(said)
    assert identifier in text
    return text.replace(identifier, "#")
