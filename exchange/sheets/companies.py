"""委託先 and 出資関係: the companies that contracts and links name, and who holds whom."""

from dataclasses import dataclass

from django.db.models import Q

from exchange.columns import Choice, Company, Day, Share, Text, company
from exchange.sheets.base import Chosen, Sheet
from exchange.sheets.shared import synthetic
from outsourcing import corporate_numbers
from outsourcing.models import Contract, Contractor, NoNumber, Shareholding, Subcontract


@dataclass(frozen=True)
class CorporateNumber(Text):
    """法人番号, as it is stored, however it is written."""

    def parse(self, typed):
        try:
            return corporate_numbers.parse(super().parse(typed))
        except ValueError as error:
            raise ValueError(f"{error}（例：{self.shown_example}）") from error


class Companies(Sheet):
    """Those that the contracts and links chosen name, once: a company is no agency's own."""

    def queryset(self, chosen: Chosen):
        rows = Contractor.objects.valid().order_by("pk")
        if chosen.agencies is None and chosen.contracts is None:
            return rows
        contracts, links = _named(chosen)
        return rows.filter(
            Q(pk__in=contracts.values("contractor")) | Q(pk__in=links.values("contractor"))
        )

    def parts(self, chosen):
        """All of them at once, that none is there twice."""
        chosen = list(chosen)
        if any(part.whole for part in chosen):
            return [EVERYTHING]
        agencies = tuple(agency for part in chosen for agency in part.agencies or ())
        return [Chosen(agencies, chosen[0].contracts)] if chosen else []

    def by_agency(self, chosen):
        rows = {row[PK]: row for row in self.raw(chosen)}
        pairs = set()
        for named in _named(chosen):
            pairs.update(named.values_list("agency", "contractor").distinct())
        found = {}
        for agency, pk in sorted(pairs):
            found.setdefault(agency, []).append(rows[pk])
        return found

    def _has(self, name: str) -> bool:
        return name != "agency" and super()._has(name)


class Holdings(Sheet):
    """No agency's own: all of them, where everything is taken."""

    def queryset(self, chosen: Chosen):
        return self.model.objects.valid().order_by(*self.order)

    def parts(self, chosen):
        return [EVERYTHING] if any(part.whole for part in chosen) else []


EVERYTHING = Chosen(None)
PK = 0  # where a raw row has its key


def _named(chosen: Chosen):
    """The contracts and the links that name companies."""
    contracts = Contract.objects.valid().order_by()
    links = Subcontract.objects.valid().filter(contract__voided_on=None).order_by()
    if chosen.agencies is not None:
        contracts = contracts.filter(agency__in=chosen.agencies)
        links = links.filter(agency__in=chosen.agencies)
    if chosen.contracts is not None:
        keys = chosen.contracts.order_by().values("pk")
        contracts, links = contracts.filter(pk__in=keys), links.filter(contract__in=keys)
    return contracts, links


COMPANY = Companies(
    key="companies",
    title="委託先",
    model=Contractor,
    of=None,
    note="契約と再委託に出てくる会社など。ほかのシートの委託先、再委託先は「名称（法人番号）」と書きます。",
    own=(
        Company("委託先", ("pk", "name", "corporate_number", "public_id"),
                "台帳にある委託先を指す書き方。新しい委託先は空欄。", "", name="contractor"),
        CorporateNumber("法人番号", "corporate_number", "13桁。", "7000012050002"),
        Choice("法人番号がない理由", "no_number_reason", "法人番号がないときに選びます。",
               of=NoNumber, blank="", example=""),
        Text("名称", "name", example="株式会社見本", required=True, width=34,
             aliases=("会社名", "商号")),
        Text("よみ", "kana", width=30, aliases=("フリガナ", "カナ")),
        Text("所在地", "address", width=34, aliases=("住所",)),
        Day("解散日", "dissolved_on", example=""),
        synthetic(),
    ),
)  # fmt: skip
HOLDING = Holdings(
    key="holdings",
    title="出資関係",
    model=Shareholding,
    of=None,
    office=True,
    note="一行に一つの出資。議決権の過半数を持つ関係をたどって、子会社かどうかを判定します。",
    own=(
        company("出資者", "holder", required=True),
        company("被出資者", "held", required=True),
        Share("議決権割合（％）", "share", "0から100まで。", 60, required=True,
              aliases=("議決権割合", "出資比率")),
        Day("保有開始日", "first_day", required=True),
        Day("保有終了日", "last_day", "続いていれば空欄。", ""),
        Text("根拠資料", "source", width=30),
        synthetic(),
    ),
)  # fmt: skip
