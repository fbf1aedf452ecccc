"""A ledger small enough to count by hand: what each agency of it has, and what pages must say."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from outsourcing.actions import contracts
from outsourcing.models import Agency, AgencyKind, Contract
from surveys.rounds import Round
from tests import factories as make

HEALTH, MEDICAL = Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.MEDICAL_EXAMINATION
STATISTICS = Contract.Information.STATISTICS

# What `fill` makes of one agency, counted by hand.
PERSONAL = {"total": 10, "no_breach": 3, "breach": 2, "unverifiable": 1, "pending": 4}
SURVEYED = {"total": 4, "no_breach": 2, "breach": 1, "unverifiable": 1, "pending": 0}
CONTRADICTIONS = 2
VALID = 15  # all valid contracts, in the round or not


class Ledger(NamedTuple):
    """Three agencies that have the same kinds of contracts, and the round that lists them."""

    round: Round
    own: Agency
    other: Agency
    independent: Agency

    @property
    def agencies(self) -> tuple[Agency, ...]:
        return self.own, self.other, self.independent


def three_agencies() -> Ledger:
    """The agencies and their round, before there is any contract."""
    own = make.agency(code="A01", name="あおぞら省")
    other = make.agency(code="A02", name="みどり庁")
    independent = make.agency(code="B001", name="なみかぜ機構", kind=AgencyKind.INDEPENDENT)
    round_ = make.survey_round(organs=[own, other], independents=[independent])
    return Ledger(round_, own, other, independent)


def small_ledger() -> Ledger:
    ledger = three_agencies()
    for agency in ledger.agencies:
        fill(agency, ledger.round)
    return ledger


def fill(agency: Agency, round_: Round) -> dict[str, Contract]:
    """One contract of each kind that pages tell apart."""
    prime = make.contractor(name=f"{agency.name}の委託先")
    daughter = make.subsidiary(of=prime)

    def contract(title: str, *, result: str = "", links=(), **fields) -> Contract:
        made = make.contract(agency=agency, contractor=prime, title=title, **fields)
        for company in links:
            make.link(contract=made, contractor=company)
        if result:
            make.confirmation(round_=round_, contract=made, result=result)
        return made

    stranger = make.contractor()
    made = {
        "health": contract("健康診断", work=HEALTH, result="breach", links=[stranger]),
        "medical": contract("血液検査", work=MEDICAL, result="breach", links=[daughter]),
        "unconfirmed": contract("未確認の違反", links=[stranger]),
        "denied": contract("否認された違反", result="no_breach", links=[stranger]),
        "unfounded": contract("台帳にない違反", result="breach"),
        "gone": contract("解散した委託先", result="unverifiable"),
        "plain": contract("データ入力", result="no_breach"),
        "faulty": contract("名簿の管理", result="no_breach"),
        "early": contract("契約前からの再委託", result="no_breach"),
        "unanswered": contract("未回答の契約"),
        "before": contract("前年度の契約", first_day=date(2016, 4, 1), last_day=date(2017, 3, 31)),
        "voided": contract("取り消された契約"),
        "counted": contract("調査票の集計", result="no_breach", information=STATISTICS),
        "typed": contract("調査票の入力", result="no_breach", information=STATISTICS),
        "passed_on": contract(
            "調査票の審査", result="breach", information=STATISTICS, links=[stranger]
        ),
        "vanished": contract("調査票の保管", result="unverifiable", information=STATISTICS),
    }
    make.fault(contract=made["faulty"])
    contracts.terminate(
        made["faulty"], by=make.recorder(), on=date(2017, 12, 1), reason="管理体制の不適切"
    )
    early = make.link(contract=made["early"], first_day=date(2017, 3, 1))
    make.approval(link=early)
    contracts.void_contract(
        made["voided"], by=make.recorder(), on=date(2018, 1, 1), reason="誤って登録した"
    )
    return made
