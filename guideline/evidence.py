"""The records a finding rests on, each with its day and who recorded it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import NamedTuple

from guideline.rules.flow_down import item_in_words
from guideline.rules.inspection_scope import SCOPES
from guideline.rules.written_confirmation import matter_in_words
from outsourcing.models import Contract, Disclosure, Shareholding, Subcontract
from outsourcing.wareki import both


class Record(NamedTuple):
    """One recorded fact in words. ``recorded_by`` is empty where it says that there is none."""

    label: str
    text: str
    day: date | None = None
    recorded_by: str = ""
    recorded_at: date | None = None


class ContractEvidence:
    """All records of one contract, each kind read once when first asked for."""

    def __init__(self, contract: Contract):
        self.contract = contract

    def of(self, kinds: Iterable[str], subject: str) -> list[Record]:
        """The records of these kinds that concern a subject ("contract", "link:2", "item:…")."""
        link = self.links.get(subject)
        return [record for kind in kinds for record in KINDS[kind](self, link)]

    @cached_property
    def links(self) -> dict[str, Subcontract]:
        return {link.subject: link for link in _read(self.contract.subcontracts, "contractor")}

    @cached_property
    def amendments(self):
        return _read(self.contract.amendments)

    @cached_property
    def targets(self):
        found = _read(self.contract.inspection_targets, "inspection")
        found = [target for target in found if target.inspection.voided_on is None]
        return sorted(found, key=lambda target: (target.inspection.day, target.pk))

    @cached_property
    def disposals(self):
        return _read(self.contract.disposals)

    @cached_property
    def holdings(self):
        """Who holds the companies of the chain, one step up."""
        companies = {link.contractor_id for link in self.links.values()}
        return list(
            Shareholding.objects.valid()
            .filter(held__in=companies)
            .select_related("holder", "held", "recorded_by")
        )

    @cached_property
    def of_link(self) -> dict[tuple[str, int], list]:
        """(relation, link) → rows."""
        found: dict[tuple[str, int], list] = {}
        for name in ("approvals", "notifications", "flow_down"):
            model = Subcontract._meta.get_field(name).related_model
            rows = model.objects.valid().filter(subcontract__contract=self.contract)
            for row in rows.select_related("recorded_by").order_by("pk"):
                found.setdefault((name, row.subcontract_id), []).append(row)
        return found


def _read(manager, *related: str) -> list:
    return list(manager.valid().select_related("recorded_by", *related).order_by("pk"))


def _record(row, label: str, text: str, day: date | None) -> Record:
    return Record(label, text, day, str(row.recorded_by), row.recorded_at)


def _or_none(records: Iterable[Record], label: str) -> Iterator[Record]:
    """The records, or one that says there are none: what is missing is evidence too."""
    found = list(records)
    yield from found or [Record(label, "記録はありません。")]


def _contract(e: ContractEvidence, link) -> Iterator[Record]:
    c = e.contract
    text = f"契約期間は{both(c.first_day)}から{both(c.last_day)}まで"
    if c.terminated_on:
        text += f"（{both(c.terminated_on)}に解除）"
    yield _record(c, "契約の締結", text, c.concluded_on)


def _clause(e: ContractEvidence, link) -> Iterator[Record]:
    c = e.contract
    yield _record(c, "再委託の条項", f"{c.get_clause_display()}{_article(c)}", c.concluded_on)
    for a in e.amendments:
        if a.clause:
            text = f"{a.get_clause_display()}{_article(a)}"
            yield _record(a, "変更後の再委託の条項", text, a.effective_on)


def _article(row) -> str:
    return f"（{row.clause_article}）" if row.clause_article else ""


def _items(e: ContractEvidence, link) -> Iterator[Record]:
    yield _record(e.contract, "契約書の記載事項", _said(e.contract.items), e.contract.concluded_on)
    for a in e.amendments:
        if a.items:
            yield _record(a, "変更契約の記載事項", _said(a.items), a.effective_on)


def _said(items: dict) -> str:
    def words(item, where):
        if where is None:
            return f"第{item}（削除）"
        article = where.get("article", "") if isinstance(where, dict) else ""
        return f"第{item}" + (f"（{article}）" if article else "")

    return "、".join(words(*pair) for pair in sorted(items.items())) or "なし"


def _dispatch(e: ContractEvidence, link) -> Iterator[Record]:
    article = e.contract.dispatch_article or "条番号の記録はありません。"
    yield _record(e.contract, "労働者派遣契約書の秘密保持", article, e.contract.concluded_on)


def _link(e: ContractEvidence, link) -> Iterator[Record]:
    if link is not None:
        end = both(link.last_day) if link.last_day else "再委託元の期間の末日"
        text = f"{link.contractor.name}へ、{both(link.first_day)}から{end}まで"
        yield _record(link, f"再委託{link.number}", text, link.first_day)


def _approvals(e: ContractEvidence, link) -> Iterator[Record]:
    rows = e.of_link.get(("approvals", link.pk), ())
    yield from _or_none((_approval(row) for row in rows), "承認")


def _approval(row) -> Record:
    text = row.get_result_display()
    if row.first_day or row.last_day:
        first = both(row.first_day) if row.first_day else ""
        text += f"（有効期間 {first}から{both(row.last_day) if row.last_day else ''}）"
    if row.decided_on is None:
        text += "（決定日の記録がないため数えません）"
    return _record(row, "承認の決定", text, row.decided_on)


def _notices(e: ContractEvidence, link) -> Iterator[Record]:
    rows = e.of_link.get(("notifications", link.pk), ())
    records = (_record(r, "届出", r.document_number or "受理", r.received_on) for r in rows)
    yield from _or_none(records, "届出")


def _flow_down(e: ContractEvidence, link) -> Iterator[Record]:
    rows = e.of_link.get(("flow_down", link.pk), ())
    records = (
        _record(r, "再委託先の措置", "、".join(map(item_in_words, r.items)), r.recorded_on)
        for r in rows
    )
    yield from _or_none(records, "再委託先の措置")


def _holdings(e: ContractEvidence, link) -> Iterator[Record]:
    if link is None:
        return
    held = [row for row in e.holdings if row.held_id == link.contractor_id]
    for row in held:
        text = f"{row.holder}が{row.held}の議決権の{row.share.normalize():f}%を保有"
        yield _record(row, "出資関係", text, row.first_day)
    if not held:
        yield _record(
            link, "申告された資本関係", link.get_declared_relation_display(), link.declared_on
        )


def _inspections(e: ContractEvidence, link) -> Iterator[Record]:
    key = link.pk if link else None
    targets = [target for target in e.targets if target.subcontract_id == key]
    yield from _or_none((_inspection(target) for target in targets), "検査")


def _inspection(target) -> Record:
    visit = target.inspection
    covered = (
        ("handling", target.covers_handling),
        ("management", target.covers_management),
        ("work", target.covers_work),
    )
    text = f"{visit.get_method_display()}：{'、'.join(SCOPES[s] for s, yes in covered if yes)}"
    if visit.not_on_site_reason:
        text += f"（実地によらない理由：{visit.not_on_site_reason}）"
    return _record(target, f"検査{visit.fiscal_year}-{visit.serial}", text, visit.day)


def _disposals(e: ContractEvidence, link) -> Iterator[Record]:
    key = link.pk if link else None
    rows = [row for row in e.disposals if row.subcontract_id == key]
    yield from _or_none((_disposal(row) for row in rows), "返却・消去")


def _disposal(row) -> Record:
    proof = row.certificate_received_on
    text = f"{row.get_method_display()}（{both(row.done_on)}）、"
    text += "証明書を受領" if proof else "証明書の受領の記録はありません"
    return _record(row, "返却・消去", text, proof)


def _on_contract(relation: str, label: str, says: Callable, day: str) -> Callable:
    """Records of one kind that hang on the contract itself."""

    def records(e: ContractEvidence, link) -> Iterator[Record]:
        rows = _read(getattr(e.contract, relation))
        yield from _or_none((_record(r, label, says(r), getattr(r, day)) for r in rows), label)

    return records


KINDS: dict[str, Callable] = {
    "contract": _contract,
    "clause": _clause,
    "items": _items,
    "dispatch": _dispatch,
    "link": _link,
    "approvals": _approvals,
    "notices": _notices,
    "flow_down": _flow_down,
    "holdings": _holdings,
    "inspections": _inspections,
    "disposals": _disposals,
    "capability_checks": _on_contract(
        "capability_checks", "選定の確認", lambda r: r.method or "確認", "checked_on"
    ),
    "confirmations": _on_contract(
        "written_confirmations",
        "書面による確認",
        lambda r: "、".join(map(matter_in_words, r.matters)),
        "confirmed_on",
    ),
    "decisions": _on_contract(
        "anonymization_decisions",
        "匿名化措置の要否の判断",
        lambda r: ("要" if r.needed else "不要") + (f"：{r.reason}" if r.reason else ""),
        "decided_on",
    ),
    "measures": _on_contract("anonymization_measures", "匿名化措置", lambda r: r.method, "done_on"),
    "disclosure": lambda e, link: (),
}

# Of a provision of information: the columns that each kind of evidence shows.
OF_DISCLOSURE = {
    "disclosure": ("first_day",),
    "terms": ("terms_agreed_on",),
    "safety": ("safety_requested_on",),
    "survey": ("survey_decided_on", "surveyed_on"),
    "public": ("measures_decided_on",),
    "measures": ("anonymized_on",),
    "decisions": ("anonymization_decided_on",),
}
NEEDED = {
    "survey_decided_on": "survey_needed",
    "measures_decided_on": "measures_needed",
    "anonymization_decided_on": "anonymization_needed",
}


class DisclosureEvidence:
    """What is recorded of one provision of information: all of it in its own row."""

    def __init__(self, disclosure: Disclosure):
        self.disclosure = disclosure

    def of(self, kinds: Iterable[str], subject: str) -> list[Record]:
        return [self._record(name) for kind in kinds for name in OF_DISCLOSURE.get(kind, ())]

    def _record(self, name: str) -> Record:
        row = self.disclosure
        label = row._meta.get_field(name).verbose_name
        day = getattr(row, name)
        if day is None:
            return Record(label, "記録はありません。")
        text = ""
        if name in NEEDED:
            text = "要" if getattr(row, NEEDED[name]) else "不要"
        return _record(row, label, text, day)
