"""The contracts in order: drawn so that the ledger looks like one, and breaks no clause in 2017."""

from __future__ import annotations

from datetime import date
from random import Random

from outsourcing import fiscal_year
from outsourcing.bulk import new_row
from outsourcing.models import (
    ApprovalResult,
    Clause,
    Contract,
    Contractor,
    ContractorReport,
    LinkWork,
    ManagementFault,
    Relation,
    ReportKind,
    Subcontract,
)
from surveys.reproduction import upkeep, vocabulary
from surveys.reproduction.drafts import DAY, FIRST, LAST, Draft, Target, Workshop

RENEWED = date(2019, 4, 1)
MEDICAL = (Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.MEDICAL_EXAMINATION)
CLAUSES = (
    (Clause.PRIOR_APPROVAL, 68),
    (Clause.FORBIDDEN, 15),
    (Clause.PRIOR_NOTICE, 9),
    (Clause.UNRESTRICTED, 6),
    (Clause.NOT_STATED, 2),
)
# How many of 100 contracts say each thing that 8-4 wants said. Its note on subsidiaries (8-4(2)注)
# came only in October 2018.
ITEMS = (
    ("8-4(1)", 99),
    ("8-4(3)", 99),
    ("8-4(4)", 99),
    ("8-4(5)", 98),
    ("8-4(6)", 99),
    ("8-4(2)注", 4),
)


def make(shop: Workshop, target: Target) -> Draft:
    """A contract like most."""
    work = shop.weighted(vocabulary.works_of(target.agency, target.information))
    draft = begin(shop, target, work, shop.companies.prime(work), term(shop.random))
    draft.contract.clause = shop.weighted(CLAUSES)
    kind = shop.random.random()
    if kind < 0.34:
        _chain(draft, shop)
    elif kind < 0.38:
        _freed_work(draft, shop)
    if shop.chance(0.03):
        _prolong(draft, shop.random)
    elif (
        draft.last_day > RENEWED and draft.contract.clause != Clause.NOT_STATED and shop.chance(0.1)
    ):
        _renew_clause(draft, shop)
    elif shop.chance(0.004):
        _end_early(draft)
    upkeep.keep(draft, shop)
    return draft


def make_unverifiable(shop: Workshop, target: Target) -> Draft:
    """The contractor was dissolved before it could be asked, and nothing was inspected."""
    work = shop.weighted(vocabulary.works_of(target.agency, target.information))
    days = term(shop.random)
    contractor = shop.companies.dissolved(work, min(days[1], LAST))
    return begin(shop, target, work, contractor, days)


def make_mismanaged(shop: Workshop, target: Target) -> Draft:
    """管理体制不適切: changes of staffing not reported; the contract was terminated over it."""
    work = shop.weighted(vocabulary.works_of(target.agency, target.information))
    prime = shop.companies.prime(work)
    draft = begin(shop, target, work, prime, (FIRST, LAST))
    contract = draft.contract
    for day in (date(2017, 7, 31), date(2017, 10, 31)):
        draft.reports.append(
            ContractorReport(contract=contract, kind=ReportKind.STAFFING_CHANGE, due_on=day)
        )
    draft.faults.append(
        ManagementFault(
            contract=contract,
            found_on=date(2017, 12, 4),
            content="管理体制の変更の報告を複数回怠った（架空）。",
        )
    )
    draft.terminate(date(2018, 1, 31), "管理体制の不適切（架空）")
    return draft


def term(random: Random) -> tuple[date, date]:
    """The first and last day of a contract that shares a day with fiscal 2017."""
    kind = random.random()
    if kind < 0.67:
        return FIRST, LAST
    if kind < 0.74:  # several years
        begin = date(random.randrange(2014, 2018), 4, 1)
        return begin, date(random.randrange(2018, 2022), 3, 31)
    if kind < 0.75:  # the first day of the year only
        return FIRST - random.randrange(1, 365) * DAY, FIRST
    if kind < 0.76:  # the last
        return LAST, LAST + random.randrange(0, 365) * DAY
    if kind < 0.8:  # begun the year before
        return FIRST - random.randrange(1, 200) * DAY, FIRST + random.randrange(1, 180) * DAY
    begin = FIRST + random.randrange(0, 330) * DAY
    return begin, begin + random.randrange(10, 300) * DAY


def begin(
    shop: Workshop, target: Target, work: str, contractor: Contractor, days: tuple[date, date]
) -> Draft:
    """A draft with believable particulars, asking prior approval, with nothing passed on."""
    random = shop.random
    first, last = days
    year = fiscal_year.fiscal_year_of(first)
    medical = work in MEDICAL
    title = random.choice(vocabulary.titles_of(work, target.information))
    dispatched = shop.chance(0.05)
    contract = new_row(
        Contract,
        agency=target.agency,
        section=shop.section(target.agency),
        synthetic=True,
        number=shop.contract_number(target.agency, year),
        title=f"平成{vocabulary.heisei(year)}年度{title}",
        contractor=contractor,
        concluded_on=_conclusion(shop, first),
        first_day=first,
        agreed_last_day=last,
        work=work,
        information=target.information,
        information_detail=vocabulary.INFORMATION.get(work, vocabulary.OTHER_INFORMATION),
        persons=1 + int(random.lognormvariate(6.5, 1.6)) if shop.chance(0.97) else None,
        sensitivity=_sensitivity(shop, medical),
        special_care=medical or shop.chance(0.02),
        clause=Clause.PRIOR_APPROVAL,
        clause_article=f"第{random.randrange(5, 15)}条",
        items={
            item: {"article": f"第{random.randrange(3, 25)}条"}
            for item, share in ITEMS
            if shop.chance(share / 100)
        },
        uses_dispatched_workers=dispatched,
        dispatch_article="第8条" if dispatched and shop.chance(0.8) else "",
    )
    return Draft(contract)


def _conclusion(shop: Workshop, first: date) -> date:
    """Contracts of a whole year are mostly concluded on its first day."""
    if (first.month, first.day) == (4, 1) and shop.chance(0.75):
        return first
    return first - shop.random.randrange(0, 20) * DAY


def _sensitivity(shop: Workshop, medical: bool) -> str:
    if medical:
        return Contract.Sensitivity.HIGH
    elevated = shop.chance(0.3)
    return Contract.Sensitivity.ELEVATED if elevated else Contract.Sensitivity.ORDINARY


def pass_on(draft: Draft, shop: Workshop, first: date, *, company=None, parent=None, **fields):
    """One link more, to an outside company unless one is given; nothing is said of approval."""
    contract = draft.contract
    if company is None:
        givers = [contract.contractor, *(link.contractor for link in draft.links)]
        company = shop.company(contract.work, *givers)
        fields.setdefault("declared_relation", shop.pick(Relation.NONE, Relation.UNKNOWN))
    return draft.link(
        company,
        first,
        parent=parent,
        work=fields.pop("work", None) or vocabulary.link_work(shop.random, contract.work),
        place=shop.random.choice(vocabulary.PLACES),
        **fields,
    )


def approve(draft: Draft, shop: Workshop, link: Subcontract, day: date, **fields) -> None:
    """The papers of an approval, as they mostly look."""
    values = {
        "applied_on": day - shop.random.randrange(0, 15) * DAY,
        "scope": link.get_work_display(),
        "authority": "保護管理者",
        "document_number": f"架空承第{shop.random.randrange(1, 9999)}号",
    }
    if shop.chance(0.04) and "result" not in fields:
        values |= {"result": ApprovalResult.CONDITIONAL, "conditions": "作業場所を限る（架空）。"}
    draft.approve(link, day, **values | fields)


def _chain(draft: Draft, shop: Workshop) -> None:
    """Up to four links, whatever the clause asks for given in time."""
    contract = draft.contract
    if contract.clause == Clause.FORBIDDEN:
        return
    parent = None
    for _ in range(shop.weighted(((1, 70), (2, 20), (3, 7), (4, 3)))):
        first = (parent or contract).first_day + shop.random.randrange(0, 5) * DAY
        parent = pass_on(
            draft,
            shop,
            min(first, contract.agreed_last_day),
            parent=parent if shop.chance(0.6) else None,
            last_day=shop.pick(None, contract.agreed_last_day),
            handles_information=shop.chance(0.9),
            **(_subsidiary(draft, shop) if shop.chance(0.02) else {}),
        )
        permit(draft, shop, parent)


def _subsidiary(draft: Draft, shop: Workshop) -> dict:
    """A subsidiary, approved like any other."""
    share = shop.pick(100, 100, 66)
    return {
        "company": shop.companies.subsidiary(draft.contract.contractor, share),
        "declared_relation": Relation.WHOLLY_OWNED if share == 100 else Relation.SUBSIDIARY,
        "declared_on": draft.contract.concluded_on,
        "declared_evidence": "会社概要（架空）",
    }


def permit(draft: Draft, shop: Workshop, link: Subcontract) -> None:
    """What the clause asks for, by the link's first day at the latest."""
    day = link.first_day - shop.random.randrange(0, 10) * DAY
    if draft.contract.clause == Clause.PRIOR_NOTICE:
        draft.notify(link, day)
    if draft.contract.clause == Clause.PRIOR_APPROVAL:
        approve(draft, shop, link, day)


def _freed_work(draft: Draft, shop: Workshop) -> None:
    """Minor work that the clause frees from approval (軽微な業務)."""
    contract = draft.contract
    if contract.clause not in (Clause.PRIOR_APPROVAL, Clause.FORBIDDEN):
        return
    contract.exempt_work = {LinkWork.PRINTING: "第7条第2項", LinkWork.MAILING: "第7条第2項"}
    pass_on(draft, shop, contract.first_day, work=shop.pick(LinkWork.PRINTING, LinkWork.MAILING))


def _prolong(draft: Draft, random: Random) -> None:
    """変更契約: the end is put off, agreed in time."""
    end = draft.contract.agreed_last_day
    effective = max(draft.contract.first_day, end - random.randrange(0, 30) * DAY)
    draft.amend(
        effective,
        concluded_on=effective,
        last_day=end + random.randrange(1, 12) * 30 * DAY,
        reason="業務期間の延長（架空）",
    )


def _renew_clause(draft: Draft, shop: Workshop) -> None:
    """変更契約 after the guideline was tightened: the clause is said anew, mostly with the note on
    subsidiaries that is asked for since (8-4(2)注)."""
    said = shop.chance(0.7)
    draft.amend(
        RENEWED,
        concluded_on=RENEWED - shop.random.randrange(0, 30) * DAY,
        clause=draft.contract.clause,
        clause_article=draft.contract.clause_article,
        exempt_work=draft.contract.exempt_work,
        items={"8-4(2)注": {"article": draft.contract.clause_article}} if said else {},
        reason="再委託の条項の見直し（架空）",
    )


def _end_early(draft: Draft) -> None:
    """解除 in the middle of what the contract has of the year."""
    first, last = max(draft.contract.first_day, FIRST), min(draft.contract.agreed_last_day, LAST)
    draft.terminate(first + (last - first) // 2, "委託先の都合による（架空）")
