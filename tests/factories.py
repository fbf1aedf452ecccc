"""Small ledgers, made through the actions as in earnest. What a test does not say is plain: an
organ, a company without anything special, a contract of fiscal 2017 that asks prior approval."""

from __future__ import annotations

from datetime import date
from itertools import count

from accounts.models import WITHOUT_AGENCY, DownloadNotice, Membership, Role, Unsent, User
from audit import advisory_actions, report_actions
from exchange import bundles
from guideline import correction_actions, correction_targets
from outsourcing import corporate_numbers, evidence_files
from outsourcing.actions import (
    agencies,
    contractors,
    contracts,
    disclosures,
    drafts,
    inspections,
    records,
    subcontracts,
)
from outsourcing.models import (
    Agency,
    AgencyKind,
    Clause,
    Contract,
    Contractor,
    Disclosure,
    Inspection,
    InspectionTarget,
    ManagementFault,
    PlannedInspection,
    Section,
    Subcontract,
)
from outsourcing.targets import Target
from surveys import rounds
from surveys.actions import confirm, confirm_many, open_survey
from surveys.models import Confirmation, Confirmed, Listing, PublishedFigure
from surveys.rounds import Round
from surveys.sheets import base

FIRST, LAST = date(2017, 4, 1), date(2018, 3, 31)  # fiscal 2017
PASSWORD = "himitsu-no-kotoba-2017"
_numbers = count(1)


def recorder() -> User:
    """Who records the facts of a test."""
    return User.objects.get_or_create(username="recorder")[0]


def user(
    *,
    role: str | None = None,
    agency: Agency | None = None,
    section: Section | None = None,
    name: str = "",
) -> User:
    """Somebody who can log in with ``PASSWORD``, in a role if one is given."""
    username = name or f"{role or 'nobody'}-{next(_numbers)}"
    made = User.objects.create_user(username, password=PASSWORD, full_name=f"試験 {username}")
    if role:
        where = None if role in WITHOUT_AGENCY else agency
        membership(user=made, role=role, agency=where, section=section)
    return made


def membership(*, user: User, **fields) -> Membership:
    """In force for a long time."""
    since = date(2000, 1, 1)
    return Membership.objects.create(user=user, first_day=since, confirmed_on=since, **fields)


def proposal(*, agency: Agency, role: str = Role.OFFICER, **fields) -> Membership:
    """A role that waits for a second person's word."""
    fields["user"] = fields.get("user") or user()
    fields.setdefault("proposed_by", user())
    since = fields.pop("first_day", date(2000, 1, 1))
    return Membership.objects.create(role=role, agency=agency, first_day=since, **fields)


def section(*, agency: Agency, code: str = "", **fields) -> Section:
    number = next(_numbers)
    fields.setdefault("name", f"試験課{number}")
    return agencies.open_section(by=recorder(), agency=agency, code=code or str(number), **fields)


def officer(agency: Agency) -> User:
    return user(role=Role.OFFICER, agency=agency)


def agency(*, code: str = "", name: str = "", kind: str = AgencyKind.ORGAN, **fields) -> Agency:
    number = next(_numbers)
    letter = "A" if kind == AgencyKind.ORGAN else "B"
    return agencies.found(
        by=recorder(),
        code=code or f"{letter}{number + 500}",
        kind=kind,
        name=name or f"試験機関{number}",
        **fields,
    )


def contractor(*, name: str = "", **fields) -> Contractor:
    number = next(_numbers)
    if "no_number_reason" not in fields:
        fields.setdefault("corporate_number", corporate_numbers.synthetic_number(number))
    return contractors.add(by=recorder(), name=name or f"試験会社{number}", **fields)


def holding(*, holder: Contractor, held: Contractor, share=100, first_day=date(2010, 4, 1), **more):
    return contractors.hold(
        by=recorder(), holder=holder, held=held, share=share, first_day=first_day, **more
    )


def report(*, owner: User, agency: Agency | None = None, **fields):
    """A saved report, of an agency's ledger or of all."""
    fields.setdefault("name", f"試験の条件{next(_numbers)}")
    plain = {"conditions": "", "shared": False}
    return report_actions.save(by=owner, agency=agency, **plain | fields)


# Under names that no argument below takes.
new_agency, new_contractor = agency, contractor


def unsaved_contract(*, agency: Agency, contractor: Contractor, **fields) -> Contract:
    """For the bulk verbs."""
    first = fields.get("first_day", FIRST)
    plain = {
        "title": f"試験業務{next(_numbers)}",
        "concluded_on": first,
        "first_day": first,
        "agreed_last_day": fields.pop("last_day", LAST),
        "work": Contract.Work.DATA_ENTRY,
        "information": Contract.Information.PERSONAL,
        "clause": Clause.PRIOR_APPROVAL,
    }
    return Contract(agency=agency, contractor=contractor, **plain | fields)


def contract(*, agency: Agency | None = None, contractor: Contractor | None = None, **fields):
    """``last_day`` is the last day first agreed."""
    made = unsaved_contract(
        agency=agency or new_agency(),
        contractor=contractor or new_contractor(),
        **fields,
    )
    return contracts.register_many([made], by=recorder())[0]


def link(*, contract: Contract, parent: Subcontract | None = None, **fields) -> Subcontract:
    """Work passed on from the first day of the contract on, to a company of its own."""
    fields["contractor"] = fields.get("contractor") or contractor()
    fields.setdefault("first_day", contract.first_day)
    return subcontracts.pass_on(by=recorder(), contract=contract, parent=parent, **fields)


def chain(*, contract: Contract, depth: int) -> list[Subcontract]:
    """Links one below the other, none of them approved."""
    made = [link(contract=contract)]
    while len(made) < depth:
        made.append(link(contract=contract, parent=made[-1]))
    return made


def chain_in_one_go(*, contract: Contract, depth: int) -> list[Subcontract]:
    """The same by the bulk verb, all to one company."""
    company, made = contractor(), []
    for _ in range(depth):
        parent = made[-1] if made else None
        made.append(
            Subcontract(
                contract=contract,
                contractor=company,
                parent=parent,
                first_day=contract.first_day,
            )
        )
    return subcontracts.pass_on_many(made, by=recorder())


def approval(*, link: Subcontract, result: str = "approved", **fields):
    """In time, unless told otherwise: decided on the link's first day."""
    fields.setdefault("decided_on", link.first_day)
    return subcontracts.approve(link, by=recorder(), result=result, **fields)


def fault(*, contract: Contract, found_on: date = date(2017, 10, 2), content="名簿の置き忘れ"):
    row = ManagementFault(contract=contract, found_on=found_on, content=content)
    return records.record(row, by=recorder())


def inspection(*, contract: Contract, day: date = date(2017, 11, 1), **fields) -> Inspection:
    target = InspectionTarget(contract=contract, subcontract=fields.pop("link", None))
    fields.setdefault("method", Inspection.Method.ON_SITE)
    return records.inspect(
        by=recorder(),
        agency=contract.agency,
        synthetic=contract.synthetic,
        targets=[target],
        day=day,
        **fields,
    )


def plan(*, contract: Contract, link: Subcontract | None = None, **fields) -> PlannedInspection:
    """An inspection planned for the middle of fiscal 2017."""
    fields.setdefault("planned_on", date(2017, 10, 2))
    fields.setdefault("by", recorder())
    return inspections.plan_many([Target(contract, link)], **fields)[0]


def evidence(*, inspection: Inspection, name: str = "検査.pdf", content: bytes = b"%PDF-1.7"):
    file = evidence_files.File(name, "application/pdf", content)
    return inspections.add_evidence(inspection, by=recorder(), files=[file])[0]


def survey_round(
    *,
    year: int = 2017,
    organs: list[Agency] = (),
    independents: list[Agency] = (),
    synthetic: bool = False,
) -> Round:
    """The round of a year for both kinds of information, which lists these agencies."""
    tables = {
        "personal": {base.ADMINISTRATIVE_ORGANS: organs, base.INDEPENDENT_AGENCIES: independents},
        "statistics": {base.STATISTICS_AGENCIES: [*organs, *independents]},
    }
    for information, printed in tables.items():
        survey = open_survey(
            by=recorder(),
            fiscal_year=year,
            information=information,
            synthetic=synthetic,
            title=f"試験の調査（{Contract.Information(information).label}）",
        )
        Listing.objects.bulk_create(
            Listing(
                survey=survey,
                table=table,
                agency=row,
                order=order,
                group="試験の法人" if table == base.INDEPENDENT_AGENCIES else "",
                printed_name=row.name,
            )
            for table, rows in printed.items()
            for order, row in enumerate(rows, 1)
        )
    return rounds.find(year)


def confirmation(*, round_: Round, contract: Contract, result: str = Confirmed.NO_BREACH, **more):
    more.setdefault("on", date(2018, 6, 1))
    if result == Confirmed.UNVERIFIABLE:
        more.setdefault("reason", "委託先の解散")
    survey = round_.survey(contract.information)
    return confirm(survey, contract, by=recorder(), result=result, **more)


def many_contracts(
    *, number: int, agency: Agency, contractor: Contractor, round_: Round | None = None, **fields
) -> list[Contract]:
    """Many in one go, confirmed to be without a breach if a round is given."""
    made = [unsaved_contract(agency=agency, contractor=contractor, **fields) for _ in range(number)]
    contracts.register_many(made, by=recorder())
    if round_:
        rows = [
            Confirmation(
                survey=round_.survey(row.information),
                contract=row,
                result=Confirmed.NO_BREACH,
                confirmed_on=date(2018, 6, 1),
            )
            for row in made
        ]
        confirm_many(rows, by=recorder())
    return made


def published(*, year: int = 2017, sheet: str, row: str, label: str, **columns: int) -> None:
    """What the ministry would have printed in one row of a table."""
    PublishedFigure.objects.bulk_create(
        PublishedFigure(
            fiscal_year=year, sheet=sheet, row=row, label=label, column=column, value=value
        )
        for column, value in columns.items()
    )


def subsidiary(*, of: Contractor, **fields) -> Contractor:
    """A company all of whose votes another holds."""
    made = contractor(**fields)
    holding(holder=of, held=made)
    return made


def download_notice(*, agency: Agency | None) -> DownloadNotice:
    return DownloadNotice.objects.create(
        agency=agency, who="試験 太郎", name="tables.xlsx", rows=100, today=20000, reason="集計"
    )


def unsent(*, user: User, path: str = "/sections/A01/new/", files=(), **typed) -> Unsent:
    """What a form sent too late."""
    sent = {"fields": {n: [v] for n, v in typed.items()}, "files": {n: [n] for n in files}}
    return Unsent.objects.create(user=user, path=path, sent=sent)


def bundle(*, user: User, content: bytes = b"", **fields) -> bundles.Bundle:
    """A file that was made aside, and is there."""
    plain = {"what": bundles.LEDGER, "finished": True}
    return bundles.add(by=user.pk, content=content, **plain | fields)


def disclosure(*, agency: Agency | None = None, **fields) -> Disclosure:
    """Information provided to a university in fiscal 2017, nothing else recorded of it."""
    values = {
        "agency": agency or new_agency(),
        "recipient": "試験大学",
        "basis": "item_4",
        "purpose": "統計の作成",
        "first_day": FIRST,
        "last_day": LAST,
    }
    return disclosures.disclose(by=recorder(), **values | fields)


def corrective_action(*, finding, **fields):
    """Guidance, begun on a day of fiscal 2018 and not closed."""
    of = finding.contract or finding.disclosure
    fields.setdefault("by", recorder())
    fields.setdefault("measure", "guidance")
    fields.setdefault("started_on", date(2018, 6, 1))
    return correction_actions.begin([correction_targets.Target(of, finding)], **fields)[0]


def correction_evidence(*, action, name: str = "報告.pdf", content: bytes = b"%PDF-1.7"):
    file = evidence_files.File(name, "application/pdf", content)
    return correction_actions.add_evidence(action, by=recorder(), files=[file])[0]


def draft(*, agency: Agency | None = None, **fields):
    """Nothing typed yet."""
    return drafts.start(by=recorder(), agency=agency or new_agency(), **fields)


def advisory(*, to: list[Agency], agency: Agency | None = None, **fields):
    """A warning of the ministry's, unless an agency's own."""
    plain = {
        "title": f"試験の注意喚起{next(_numbers)}",
        "body": "年一回以上の検査をお願いします。",
        "sent_on": date(2018, 6, 1),
        "by": recorder(),
    }
    return advisory_actions.send(addressees=to, agency=agency, **plain | fields)
