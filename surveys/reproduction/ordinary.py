"""The contracts in order: drawn so that the ledger looks like one, and breaks no clause in 2017."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from outsourcing.models import (
    Clause,
    Contract,
    ContractorReport,
    Disposal,
    DisposalMethod,
    InspectionMethod,
    InspectionTarget,
    LinkWork,
    ManagementFault,
    Relation,
    ReportKind,
)
from surveys.reproduction import vocabulary
from surveys.reproduction.companies import Companies
from surveys.reproduction.drafts import Draft

FIRST, LAST = date(2017, 4, 1), date(2018, 3, 31)
DAY = timedelta(days=1)
ITEMS = ("8-4(1)", "8-4(3)", "8-4(4)", "8-4(5)", "8-4(6)", "8-4(2)注")
CLAUSES = (
    (Clause.PRIOR_APPROVAL, 62),
    (Clause.FORBIDDEN, 14),
    (Clause.PRIOR_NOTICE, 8),
    (Clause.UNRESTRICTED, 6),
    (Clause.NOT_STATED, 10),
)
PLACES = ("東京都", "大阪府", "愛知県", "福岡県", "北海道", "宮城県", "広島県")


def weighted(random: Random, choices):
    values, weights = zip(*choices, strict=True)
    return random.choices(values, weights)[0]


def term(random: Random) -> tuple[date, date]:
    """The first and last day of a contract that shares a day with fiscal 2017."""
    kind = random.random()
    if kind < 0.62:
        return FIRST, LAST
    if kind < 0.76:  # several years
        begin = date(random.randrange(2014, 2018), 4, 1)
        return begin, date(random.randrange(2018, 2022), 3, 31)
    if kind < 0.78:  # the first or last day of the year only
        if random.random() < 0.5:
            return date(2016, 4, 2), FIRST
        return LAST, date(2018, 9, 30)
    begin = FIRST + random.randrange(0, 330) * DAY
    return begin, begin + random.randrange(10, 300) * DAY


def contract(random: Random, agency, section, work, contractor, information, days) -> Contract:
    """An unsaved contract with believable particulars, asking prior approval."""
    first, last = days
    titles = (
        vocabulary.STATISTICS_TITLES
        if information == Contract.Information.STATISTICS
        else vocabulary.TITLES[work]
    )
    medical = work in (Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.MEDICAL_EXAMINATION)
    year = 29 if first >= FIRST else first.year - 1988
    return Contract(
        agency=agency,
        section=section,
        synthetic=True,
        number=f"架空{year}-{random.randrange(1, 99999):05d}",
        title=f"平成{year}年度{random.choice(titles)}",
        contractor=contractor,
        concluded_on=first - random.randrange(0, 20) * DAY,
        first_day=first,
        agreed_last_day=last,
        work=work,
        information=information,
        information_detail=vocabulary.INFORMATION.get(work, vocabulary.OTHER_INFORMATION),
        persons=int(random.lognormvariate(6.5, 1.6)),
        sensitivity=Contract.Sensitivity.HIGH
        if medical
        else random.choice((Contract.Sensitivity.ORDINARY, Contract.Sensitivity.ELEVATED)),
        special_care=medical,
        clause=Clause.PRIOR_APPROVAL,
        clause_article=f"第{random.randrange(5, 15)}条",
        items=_items(random),
        uses_dispatched_workers=random.random() < 0.05,
    )


def _items(random: Random) -> dict:
    return {
        item: {"article": f"第{random.randrange(3, 25)}条"}
        for item in ITEMS
        if random.random() < (0.04 if item == "8-4(2)注" else 0.95)
    }


def lay(draft: Draft, companies: Companies, random: Random) -> None:
    """Give an ordinary contract a clause and, often, a chain that keeps it."""
    draft.contract.clause = weighted(random, CLAUSES)
    kind = random.random()
    if kind < 0.03 and draft.contract.first_day < date(2016, 9, 1) < draft.contract.agreed_last_day:
        _repaired_before_the_year(draft, companies, random)
    elif kind < 0.3:
        _chain(draft, companies, random)
    elif kind < 0.33:
        _freed_work(draft, companies, random)
    if random.random() < 0.03:
        _prolong(draft, random)


def _chain(draft: Draft, companies: Companies, random: Random) -> None:
    contract = draft.contract
    if contract.clause == Clause.FORBIDDEN:
        return
    parent, givers = None, [contract.contractor]
    for _ in range(random.choices((1, 2, 3, 4), (70, 20, 7, 3))[0]):
        company, relation = _company(draft, companies, givers, random)
        first = (parent or contract).first_day + random.randrange(0, 5) * DAY
        first = min(first, contract.agreed_last_day)
        parent = draft.link(
            company,
            first,
            parent=parent if random.random() < 0.6 else None,
            last_day=random.choice((None, contract.agreed_last_day)),
            work=random.choice(vocabulary.LINK_WORK.get(contract.work, vocabulary.OTHER_LINK_WORK)),
            place=random.choice(PLACES),
            handles_information=random.random() < 0.9,
            declared_relation=relation,
        )
        givers.append(company)
        _permit(draft, parent, random)


def _company(draft: Draft, companies: Companies, givers, random: Random):
    if random.random() < 0.02:  # a subsidiary, approved like any other
        share = random.choice((100, 100, 66))
        declared = Relation.WHOLLY_OWNED if share == 100 else Relation.SUBSIDIARY
        return companies.subsidiary(draft.contract.contractor, share), declared
    company = companies.subcontractor(draft.contract.work, *givers)
    return company, random.choice((Relation.NONE, Relation.UNKNOWN))


def _permit(draft: Draft, link, random: Random) -> None:
    """What the clause asks for, in time; now and then with papers that look odd."""
    day = link.first_day - random.randrange(0, 10) * DAY
    if draft.contract.clause == Clause.PRIOR_NOTICE:
        draft.notify(link, day)
    if draft.contract.clause != Clause.PRIOR_APPROVAL:
        return
    odd = random.random()
    if odd < 0.005:  # an approval nobody dated, beside one that counts
        draft.approve(link, None)
    applied = day + 3 * DAY if 0.005 < odd < 0.01 else day - random.randrange(0, 15) * DAY
    draft.approve(
        link,
        day,
        applied_on=applied,
        scope=link.get_work_display(),
        authority="保護管理者",
        document_number=f"架空承第{random.randrange(1, 9999)}号",
    )


def _repaired_before_the_year(draft: Draft, companies: Companies, random: Random) -> None:
    """Passed on in fiscal 2016 and approved late, but before the year the survey asks about."""
    draft.contract.clause = Clause.PRIOR_APPROVAL
    company = companies.subcontractor(draft.contract.work, draft.contract.contractor)
    link = draft.link(company, date(2016, 9, 1) + random.randrange(0, 60) * DAY)
    # The last of these days is the latest that leaves no day of the breach in fiscal 2017.
    draft.approve(link, date(2017, 1, 4) + random.choice((0, 30, 60, 86, 87)) * DAY)


def _freed_work(draft: Draft, companies: Companies, random: Random) -> None:
    """Minor work that the clause frees from approval (軽微な業務)."""
    contract = draft.contract
    if contract.clause not in (Clause.PRIOR_APPROVAL, Clause.FORBIDDEN):
        return
    contract.exempt_work = {LinkWork.PRINTING: "第7条第2項", LinkWork.MAILING: "第7条第2項"}
    company = companies.subcontractor(contract.work, contract.contractor)
    draft.link(
        company, contract.first_day, work=random.choice((LinkWork.PRINTING, LinkWork.MAILING))
    )


def _prolong(draft: Draft, random: Random) -> None:
    """変更契約: the end is put off, agreed in time."""
    contract = draft.contract
    end = contract.agreed_last_day
    draft.amend(
        end - random.randrange(0, 30) * DAY,
        last_day=end + random.randrange(1, 12) * 30 * DAY,
        reason="業務期間の延長（架空）",
    )


def inspect(draft: Draft, random: Random) -> None:
    """A visit within fiscal 2017, of the contract and now and then of its links."""
    contract = draft.contract
    first, last = max(contract.first_day, FIRST), min(contract.agreed_last_day, LAST)
    if random.random() > 0.6 or first > last:
        return
    # Visits fall on few days, so that one visit sees several contracts of an agency.
    day = min(last, first + (last - first).days // 14 * random.randrange(1, 14) * DAY)
    method = random.choices(
        (InspectionMethod.ON_SITE, InspectionMethod.DOCUMENTS, InspectionMethod.REMOTE),
        (55, 38, 7),
    )[0]
    wide = random.random() < 0.5
    covers = {"covers_handling": True, "covers_management": wide, "covers_work": wide}
    draft.visits.append((day, method, InspectionTarget(contract=contract, **covers)))
    for link in draft.links:
        if random.random() < 0.3:
            target = InspectionTarget(contract=contract, subcontract=link, **covers)
            draft.visits.append((day, method, target))


def close(draft: Draft, random: Random) -> None:
    """Some contracts are terminated, and many that ended show a disposal."""
    contract = draft.contract
    if random.random() < 0.003 and contract.first_day < date(2017, 12, 1) and not draft.amendments:
        first, last = max(contract.first_day, FIRST), min(contract.agreed_last_day, LAST)
        terminate(draft, first + (last - first) // 2, "委託先の都合による（架空）")
    if contract.agreed_last_day <= LAST and random.random() < 0.5:
        day = contract.agreed_last_day + random.randrange(0, 40) * DAY
        method = random.choice(list(DisposalMethod))
        draft.disposals.append(
            Disposal(contract=contract, method=method, done_on=day, certificate_received_on=day)
        )


def terminate(draft: Draft, day: date, reason: str) -> None:
    draft.contract.terminated_on, draft.contract.termination_reason = day, reason


def mismanage(draft: Draft) -> None:
    """管理体制不適切: changes of staffing not reported; the contract was terminated over it."""
    contract = draft.contract
    contract.clause = Clause.PRIOR_APPROVAL
    contract.first_day, contract.agreed_last_day = FIRST, LAST
    contract.concluded_on = FIRST
    for month in (7, 10):
        draft.reports.append(
            ContractorReport(
                contract=contract,
                kind=ReportKind.STAFFING_CHANGE,
                due_on=date(2017, month, 31),
            )
        )
    draft.faults.append(
        ManagementFault(
            contract=contract,
            found_on=date(2017, 12, 4),
            content="管理体制の変更の報告を複数回怠った（架空）。",
        )
    )
    terminate(draft, date(2018, 1, 31), "管理体制の不適切（架空）")
