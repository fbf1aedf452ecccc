"""What has been typed on the page of a draft, read: its parts as forms, and the contract that they
make together (``Entry``), strictly for whoever registers it, leniently for whoever still types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from django.http import QueryDict

from outsourcing.conflicts import unreadable
from outsourcing.contractor_fields import numbered
from outsourcing.draft_forms import ConfirmationPart, ContractPart, LinkPart, PartForm, VisitPart
from outsourcing.entries import Entry, Trial
from outsourcing.models import (
    Agency,
    AnonymizationDecision,
    AnonymizationMeasure,
    Approval,
    CapabilityCheck,
    Clause,
    Contract,
    FlowDownRecord,
    Inspection,
    InspectionTarget,
    Notification,
    Subcontract,
    WrittenConfirmation,
)

ROWS = {"confirmations": ConfirmationPart, "links": LinkPart, "visits": VisitPart}
MOST_ROWS = 200  # of one kind: a server takes no endless form
_ROW = re.compile(r"^(confirmations|links|visits)-([0-9]{1,4})-")
_ITEM = re.compile(r"^items-(.+)-(said|article|quote)$")
# Not typed by the officer, or said by the page itself.
CARRIED = {"csrfmiddlewaretoken", "version", "act", "check", "fragment", "once"}
OF_CONTRACT = (
    *("number", "title", "work_detail", "information_detail", "special_care"),
    *("clause_article", "clause_quote", "uses_dispatched_workers", "dispatch_article"),
)
OF_LINK = ("work_detail", "place", "declared_on", "declared_evidence")
OF_VISIT = ("not_on_site_reason", "through_contractor", "place", "inspectors")


def typed_of(data: QueryDict) -> dict[str, list[str]]:
    """What a draft keeps of a request: all texts as they were typed, but those left blank."""
    return {
        name: values for name in data if name not in CARRIED and any(values := data.getlist(name))
    }


def data_of(typed: dict[str, list[str]]) -> QueryDict:
    """The same as it came."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


class DraftPage:
    """The parts of the page. ``judged``: with what is wrong in each; else as typed."""

    def __init__(self, data: QueryDict, *, sections, contractors, judged: bool):
        self.data = data
        companies = {"contractors": contractors}
        if judged:
            named = (data[name] for name in data if name.endswith("contractor"))
            companies["known"] = numbered(contractors.valid(), named)
        self.contract = ContractPart(data, sections=sections, judged=judged, **companies)
        self.rows: dict[str, list[PartForm]] = {}
        for kind, part in ROWS.items():
            found: list[PartForm] = []
            for number in self._numbers(kind):
                known = companies if part is LinkPart else {}
                like = found[0] if found else None
                prefix = f"{kind}-{number}"
                found.append(part(data, prefix=prefix, judged=judged, like=like, **known))
            self.rows[kind] = [row for row in found if not row.is_blank] if judged else found
            for number, row in enumerate(self.rows[kind], 1):
                row.number = number

    def _numbers(self, kind: str) -> list[int]:
        matches = (_ROW.match(name) for name in self.data)
        found = {int(match[2]) for match in matches if match and match[1] == kind}
        return sorted(found)[:MOST_ROWS]

    @property
    def parts(self) -> list[PartForm]:
        return [self.contract, *(row for rows in self.rows.values() for row in rows)]

    @property
    def links(self) -> list[LinkPart]:
        """In the order of the tree: below each link what hangs on it, with ``depth`` from 1."""
        below: dict[str, list[LinkPart]] = {}
        names = {row.row for row in self.rows["links"]}
        for row in self.rows["links"]:
            under = str(row["under"].value() or "")
            below.setdefault(under if under in names else "", []).append(row)
        found, waiting = [], [(row, 1) for row in reversed(below.get("", []))]
        while waiting:
            row, row.depth = waiting.pop()
            found.append(row)
            waiting += [(one, row.depth + 1) for one in reversed(below.get(row.row, []))]
        # What hangs in a circle stands at the end: to be seen and mended.
        circling = [row for row in self.rows["links"] if row not in found]
        for row in circling:
            row.depth = 1
        return found + circling

    @property
    def link_choices(self) -> list[tuple[str, str]]:
        """(row, label) of every link, to hang another under or to inspect."""
        return [
            (row.row, f"再委託（{row.number}）{str(row['contractor'].value() or '')[:20]}")
            for row in self.rows["links"]
        ]

    def label_of(self, name: str) -> str:
        """What the page calls a field by its name: 再委託（2）初日."""
        for part in self.parts:
            bare = name.removeprefix(f"{part.prefix}-") if part.prefix else name
            if bare in part.fields and part.add_prefix(bare) == name:
                row = f"{part.kind}（{part.number}）" if part.row else ""
                return f"{row}{part[bare].label}"
        if match := _ITEM.match(name):
            words = {"said": "記載", "article": "条番号", "quote": "文言"}
            return f"第{match[1]}の{words[match[2]]}"
        return name

    @cached_property
    def is_valid(self) -> bool:
        """Whether all of it can be registered; every part says what it lacks."""
        valid = [part.is_valid() for part in self.parts]
        self._hang_links()
        self._aim_visits()
        return all(valid) and not any(part.errors for part in self.parts)

    def _hang_links(self) -> None:
        """Each link's giver is a row there is, and no chain bites its tail."""
        rows = {row.row: row for row in self.rows["links"]}
        above = {name: row.cleaned_data.get("under", "") for name, row in rows.items()}
        for name, row in rows.items():
            seen, at = {name}, above[name]
            while at in rows and at not in seen:
                seen.add(at)
                at = above[at]
            if at in seen:
                row.add_error("under", "再委託元をたどると、この再委託に戻ってしまいます。")
            elif above[name] and above[name] not in rows:
                row.add_error("under", "再委託元の行がありません。選び直してください。")

    def _aim_visits(self) -> None:
        known = {"contract", *(row.row for row in self.rows["links"])}
        for visit in self.rows["visits"]:
            gone = set(visit.cleaned_data.get("targets") or ()) - known
            if gone:
                visit.add_error("targets", "検査の対象の行がありません。選び直してください。")

    def entry(
        self, *, agency: Agency, synthetic: bool = False, renewed: dict | None = None, **beside
    ) -> Entry:
        """The contract as it is to be registered; of a valid page. ``beside``: other fields of the
        contract. ``renewed``: by number, the links of the contract that this one goes on from."""
        contract = _contract(self.contract.cleaned_data, agency, synthetic, **beside)
        entry = Entry(contract)
        self._add_safeguards(entry)
        links = self._add_links(entry)
        for row in self.rows["links"]:
            links[row.row].renews = (renewed or {}).get(row.cleaned_data["renews"])
        self._add_visits(entry, links)
        return entry

    def unreadable(self) -> list[tuple[str, str]]:
        """(label, message) of what was typed and cannot be read."""
        return [] if self.is_valid else [said for part in self.parts for said in unreadable(part)]

    def trial(self, *, agency: Agency) -> Trial | None:
        """What can be read yet, of a page that was judged; None before there is a term."""
        values = dict(self.contract.cleaned_data)
        first, last = values.get("first_day"), values.get("last_day")
        if not first or not last:
            return None
        left_out = list(self._assume(values))
        for kind in self.rows:
            usable = [row for row in self.rows[kind] if _usable(row)]
            left = len(self.rows[kind]) - len(usable)
            self.rows[kind] = usable
            if left:
                left_out.append(f"{ROWS[kind].kind}{left}件は、まだ読み取れないため除いています。")
        self._drop_orphans()
        self.contract.cleaned_data = values
        return Trial(self.entry(agency=agency), left_out=tuple(left_out))

    def _assume(self, values: dict) -> Iterator[str]:
        """Put in place of what is not typed yet what the check goes by, and say so."""
        if not values.get("concluded_on"):
            values["concluded_on"] = values["first_day"]
            yield "契約締結日が空欄のため、契約期間の初日として確かめています。"
        if not values.get("clause"):
            values["clause"] = Clause.NOT_STATED
            yield "再委託の条項が未選択のため、記載なしとして確かめています。"
        values["work"] = values.get("work") or Contract.Work.OTHER
        values["information"] = values.get("information") or Contract.Information.PERSONAL

    def _drop_orphans(self) -> None:
        """Links below one that is left out, and the visits to them, are left out too."""
        while True:
            known = {row.row for row in self.rows["links"]}
            kept = [
                r for r in self.rows["links"] if r.cleaned_data.get("under", "") in {"", *known}
            ]
            if len(kept) == len(self.rows["links"]):
                break
            self.rows["links"] = kept
        for visit in self.rows["visits"]:
            aimed = [t for t in visit.cleaned_data["targets"] if t in {"contract", *known}]
            visit.cleaned_data["targets"] = aimed

    def _add_safeguards(self, entry: Entry) -> None:
        values, contract = self.contract.cleaned_data, entry.contract
        if values.get("checked_on"):
            method = values.get("check_method", "")
            check = CapabilityCheck(checked_on=values["checked_on"], method=method)
            entry.checks.append(check)
        if values.get("decided_on") and values.get("needed"):
            entry.decisions.append(
                AnonymizationDecision(
                    decided_on=values["decided_on"],
                    needed=values["needed"] == "yes",
                    reason=values.get("decision_reason", ""),
                )
            )
        if values.get("measured_on"):
            method = values.get("measure_method", "")
            entry.measures.append(
                AnonymizationMeasure(done_on=values["measured_on"], method=method)
            )
        for row in self.rows["confirmations"]:
            entry.confirmations.append(WrittenConfirmation(**row.cleaned_data))
        for of_contract in (entry.checks, entry.decisions, entry.measures, entry.confirmations):
            for record in of_contract:
                record.contract = contract

    def _add_links(self, entry: Entry) -> dict[str, Subcontract]:
        """Parents first."""
        made: dict[str, Subcontract] = {}
        waiting = list(self.rows["links"])
        while waiting:
            ready = [r for r in waiting if r.cleaned_data["under"] in {"", *made}]
            for row in ready:
                values = row.cleaned_data
                link = _link(values, entry.contract, made.get(values["under"]))
                made[row.row] = link
                entry.links.append(link)
                _add_records(entry, link, values)
            waiting = [row for row in waiting if row not in ready]
        return made

    def _add_visits(self, entry: Entry, links: dict[str, Subcontract]) -> None:
        for row in self.rows["visits"]:
            values = row.cleaned_data
            visit = Inspection(
                day=values["day"],
                method=values["method"],
                **{name: values[name] for name in OF_VISIT},
            )
            for target in values["targets"]:
                entry.targets.append(
                    InspectionTarget(
                        inspection=visit,
                        contract=entry.contract,
                        subcontract=links.get(target),
                        covers_handling="handling" in values["scopes"],
                        covers_management="management" in values["scopes"],
                        covers_work="work" in values["scopes"],
                        **{n: values[n] for n in ("result", "points", "due_on", "cleared_on")},
                    )
                )


def _usable(row: PartForm) -> bool:
    """Whether a row can be looked at: a company not chosen yet does not keep it from that."""
    return not set(row.errors) - {"contractor", "points", "place", "inspectors"}


def _contract(values: dict, agency: Agency, synthetic: bool, **beside) -> Contract:
    return Contract(
        agency=agency,
        synthetic=synthetic,
        section=values.get("section"),
        contractor=values.get("contractor"),
        concluded_on=values["concluded_on"],
        first_day=values["first_day"],
        agreed_last_day=values["last_day"],
        last_day=values["last_day"],
        work=values["work"],
        information=values["information"],
        persons=values.get("persons"),
        sensitivity=values.get("sensitivity") or Contract.Sensitivity.ORDINARY,
        clause=values["clause"],
        exempt_work=values.get("exempt") or {},
        items=values.get("items") or {},
        **{name: values.get(name, "") for name in OF_CONTRACT},
        **beside,
    )


def _link(values: dict, contract: Contract, parent: Subcontract | None) -> Subcontract:
    return Subcontract(
        contract=contract,
        parent=parent,
        contractor=values.get("contractor"),
        work=values["work"],
        first_day=values["first_day"] or contract.first_day,
        last_day=values["last_day"],
        handles_information=values["handles_information"],
        declared_relation=values["declared_relation"],
        **{name: values[name] for name in OF_LINK},
    )


def _add_records(entry: Entry, link: Subcontract, values: dict) -> None:
    """What is recorded of a link in its own row."""
    if values["approval_result"]:
        decided = {name: values[f"approval_{name}"] for name in LinkPart.APPROVAL}
        result = values["approval_result"]
        entry.approvals.append(Approval(subcontract=link, result=result, **decided))
    if values["notice_received_on"]:
        entry.notices.append(
            Notification(
                subcontract=link,
                received_on=values["notice_received_on"],
                document_number=values["notice_document_number"],
            )
        )
    if values["flow_down"] and values["flow_down_on"]:
        entry.flow_down.append(
            FlowDownRecord(
                subcontract=link, items=values["flow_down"], recorded_on=values["flow_down_on"]
            )
        )
