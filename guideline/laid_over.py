"""Facts of contracts, and of provisions of information, as they would be with rows in memory laid
over what is recorded: thousands of them, in a fixed number of queries a slice, and nothing saved.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.expressions import RawSQL

from guideline.corrections import NEVER, Action, actions_of
from guideline.facts import ContractFact, DisclosureFact
from guideline.intervals import FOREVER
from guideline.models import CorrectiveAction, Justification
from guideline.reading import (
    AMENDMENTS,
    CONTRACT_FIELDS,
    CONTRACTS,
    LINK_FIELDS,
    LINKS,
    amended_texts,
    contract_fact,
    disclosure_fact,
)
from guideline.records import EVERYTHING, Recorded, gathered
from guideline.unsaved import NOBODY, SAID
from outsourcing.actions.base import batches
from outsourcing.actions.contractors import contracts_below
from outsourcing.actions.contracts import last_day
from outsourcing.actions.subcontracts import last_numbers
from outsourcing.days import end_of
from outsourcing.holdings import Holding, Holdings
from outsourcing.models import (
    Amendment,
    Contract,
    Contractor,
    Disclosure,
    Inspection,
    InspectionTarget,
    Shareholding,
    Subcontract,
)
from outsourcing.recorded_holdings import ABOVE, AMONG, UNITS

SLICE = 2000
_values = attrgetter(*CONTRACT_FIELDS[1:])


class LaidOver:
    """``rows`` as they would be: new ones, which name others by the object, and recorded ones,
    whole. ``contracts`` and ``disclosures`` are the keys of those whose facts may change; of a new
    one the key is negative, see ``key``."""

    def __init__(self, rows: Iterable[models.Model]):
        self._given: dict[int, int] = {}
        self._rows: dict[type[models.Model], list] = defaultdict(list)
        for row in rows:
            self._rows[type(row)].append(row)
        self._visits = {row.pk: row for row in self._rows[Inspection] if row.pk}
        self._see_visits()
        self._by_contract: dict[type, dict[int, list]] = defaultdict(lambda: defaultdict(list))
        self._records: dict[int, list[tuple]] = defaultdict(list)
        self._laid: set[tuple[str, int]] = set()  # (kind, key) of recorded ones that change
        self._contracts = {self.key(row): row for row in self._rows[Contract]}
        self._disclosures = {self.key(row): row for row in self._rows[Disclosure]}
        for kind in (Amendment, Subcontract, Justification, CorrectiveAction):
            for row in self._rows[kind]:
                self._by_contract[kind][self.ref(row, "contract")].append(row)
        self._lay_records()
        self.contracts = {
            *self._contracts,
            *self._records,
            *(key for kind in self._by_contract.values() for key in kind),
            *self._below_holdings(),
        } - {None}
        about = (*self._rows[Justification], *self._rows[CorrectiveAction])
        self.disclosures = {
            *self._disclosures, *(self.ref(row, "disclosure") for row in about)
        } - {None}  # fmt: skip

    def key(self, row: models.Model) -> int:
        """Its own, or of one that is new a negative one."""
        return row.pk or self._given.setdefault(id(row), -2 - len(self._given))

    def new(self, row: models.Model) -> int | None:
        """The key that stands for a new row, also once it has been written."""
        return self._given.get(id(row))

    def ref(self, row: models.Model, name: str) -> int | None:
        """The key of what a row refers to."""
        other = row._state.fields_cache.get(name)
        return getattr(row, f"{name}_id") if other is None else self.key(other)

    def about(self, row: models.Model) -> list[tuple[bool, int]]:
        """What a row is about: whether a provision of information, and its key."""
        if isinstance(row, Contract | Disclosure):
            return [(isinstance(row, Disclosure), self.key(row))]
        names = {field.name for field in row._meta.local_concrete_fields}
        found = [
            (name == "disclosure", self.ref(row, name))
            for name in ("contract", "disclosure")
            if name in names
        ]
        if not found and "subcontract" in names:
            found = [(False, self.ref(row.subcontract, "contract"))]
        return [one for one in found if one[1] is not None]

    # --- What is laid over -------------------------------------------------------------------

    def _see_visits(self) -> None:
        """All that a visit saw says something else where the visit does."""
        known = {row.pk for row in self._rows[InspectionTarget] if row.pk}
        for keys in batches(self._visits):
            rows = InspectionTarget.objects.valid().filter(inspection__in=keys)
            self._rows[InspectionTarget] += [row for row in rows if row.pk not in known]
        for place, row in enumerate(self._rows[InspectionTarget]):
            if (visit := self._visits.get(row.inspection_id)) is not None:
                self._rows[InspectionTarget][place] = row = copy.copy(row)
                row._state.fields_cache["inspection"] = visit

    def _lay_records(self) -> None:
        new = count(FOREVER)  # recorded after all that is
        for kind, say in SAID.items():
            on_contract = any(field.name == "contract" for field in kind._meta.local_fields)
            for row in self._rows[kind]:
                link = self.ref(row, "subcontract") if hasattr(kind, "subcontract_id") else None
                if on_contract:
                    contract = self.ref(row, "contract")
                else:
                    contract = self.ref(row.subcontract, "contract")
                self._lay(contract, row.pk or next(new), link, say(row))
                if row.pk:
                    self._laid.add((KINDS[kind], row.pk))
        for row in self._rows[Justification]:
            if row.pk:
                self._laid.add(("justification", row.pk))
            if row.approved_on is not None and self.ref(row, "contract") is not None:
                days = row.approved_on, row.first_day, row.last_day
                said = ("justification", *days, f"{row.rule} {row.subject}")
                self._lay(self.ref(row, "contract"), row.pk or next(new), None, said)

    def _lay(self, contract: int, key: int, link: int | None, said: tuple | None) -> None:
        found = self._records[contract]  # also where it says nothing now, it may have
        if said is not None:
            found.append((said[0], key, contract, link, *said[1:]))

    def _below_holdings(self) -> set[int]:
        """On which other holdings, or the end of a company, may bear."""
        changed = [row.pk for row in self._rows[Shareholding] if row.pk]
        held = {self.ref(row, "held") for row in self._rows[Shareholding]}
        held.update(row.pk for row in self._rows[Contractor] if row.pk)
        for keys in batches(changed):
            held.update(Shareholding.objects.filter(pk__in=keys).values_list("held_id", flat=True))
        held = {key for key in held if key > 0}
        return contracts_below(held) if held else set()

    # --- Contracts ---------------------------------------------------------------------------

    def contract_facts(self) -> Iterator[list[ContractFact]]:
        """Slice by slice; of new contracts apart from the others."""
        for keys in (
            sorted(key for key in self.contracts if key > 0),
            sorted((key for key in self.contracts if key < 0), reverse=True),
        ):
            for start in range(0, len(keys), SLICE):
                yield list(self._facts(keys[start : start + SLICE]))

    def _facts(self, keys: list[int]) -> Iterator[ContractFact]:
        recorded = keys if keys[0] > 0 else []
        rows = {row[0]: row for row in CONTRACTS(recorded)} if recorded else {}
        amendments, terms = self._amendments(keys, recorded)
        links, companies = self._links(keys, recorded)
        asked = EVERYTHING(recorded) if recorded else ()
        kept = (row for row in asked if row[:2] not in self._laid)
        laid = (row for key in keys for row in self._records.get(key, ()))
        found = gathered((*kept, *laid), links)
        holdings = self._holdings(companies)
        nothing = Recorded()
        for key in keys:
            row = self._contract_row(key, rows.get(key), terms.get(key))
            if row is not None:
                yield contract_fact(
                    row,
                    amendments.get(key, ((), ())),
                    links.get(key, []),
                    found.get(key, nothing),
                    holdings,
                )

    def _contract_row(self, key: int, recorded: tuple | None, last) -> tuple | None:
        if key in self._contracts:
            contract = self._contracts[key]
            row = [key, *_values(contract)]
            row[CONTRACTOR] = self.ref(contract, "contractor") or NOBODY
            row[LAST_DAY] = contract.last_day or contract.agreed_last_day
        elif recorded is None:  # voided
            return None
        else:
            row = list(recorded)
        if last is not None:
            row[LAST_DAY] = last
        return tuple(row)

    def _amendments(self, keys: list[int], recorded: list[int]):
        """What they say, by contract; and the last day of contracts whose term may change."""
        laid = self._by_contract[Amendment]
        special = {key for key in keys if key in laid or key in self._contracts}
        read = [row for row in AMENDMENTS(recorded) if row[0] not in special] if recorded else []
        rows: dict[int, list[Amendment]] = defaultdict(list)
        changed = {row.pk for key in special for row in laid.get(key, ()) if row.pk}
        saved = [key for key in special if key > 0]
        for some in batches(saved):
            for row in Amendment.objects.valid().filter(contract__in=some):
                if row.pk not in changed:
                    rows[row.contract_id].append(row)
        contracts = dict(self._contracts)
        for some in batches({key for key in saved if key not in contracts}):
            contracts |= Contract.objects.valid().in_bulk(some)
        terms = {}
        for key in special:
            rows[key] += laid.get(key, ())
            rows[key].sort(key=lambda row: (row.effective_on, row.pk or FOREVER))
            for a in rows[key]:
                said = (a.effective_on, a.concluded_on, a.clause, a.exempt_work, a.items)
                read.append((key, *said))
            if key in contracts:
                terms[key] = _term(contracts[key], rows[key])
        return amended_texts(read), terms

    def _links(self, keys: list[int], recorded: list[int]) -> tuple[dict[int, list[dict]], dict]:
        """By contract; and the companies they name, with the day each was dissolved."""
        laid, companies, unknown = self._by_contract[Subcontract], {}, object()
        found: dict[int, list[dict]] = defaultdict(list)
        changed = {row.pk for key in keys for row in laid.get(key, ()) if row.pk}
        for values in LINKS(recorded) if recorded else ():
            row = dict(zip(LINK_FIELDS, values, strict=True))
            if row["id"] not in changed:
                found[row["contract_id"]].append(row)
                companies[row["contractor_id"]] = row["contractor__dissolved_on"]
        last = self._last_numbers([key for key in recorded if key in laid])
        for key in keys:
            rows = laid.get(key, ())
            for link in rows:
                if link.number:
                    last[key] = max(last[key], link.number)
            for link in rows:
                number = link.number
                if not number:
                    number = last[key] = last[key] + 1
                contractor = self.ref(link, "contractor") or NOBODY
                found[key].append(self._link_row(link, number, contractor))
                company = link._state.fields_cache.get("contractor")
                companies.setdefault(contractor, company.dissolved_on if company else unknown)
        for some in batches({key for key, day in companies.items() if day is unknown}):
            rows = Contractor.objects.filter(pk__in=some)
            companies.update(rows.values_list("pk", "dissolved_on"))
        return found, companies

    def _link_row(self, link: Subcontract, number: int, contractor: int) -> dict[str, Any]:
        return {
            "id": self.key(link),
            "parent_id": self.ref(link, "parent"),
            "number": number,
            "contractor_id": contractor,
            "work": link.work,
            "declared_relation": link.declared_relation,
            "first_day": link.first_day,
            "last_day": link.last_day,
            "handles_information": link.handles_information,
        }

    @staticmethod
    def _last_numbers(keys: list[int]) -> dict[int, int]:
        return last_numbers(keys) if keys else defaultdict(int)

    # --- Holdings ----------------------------------------------------------------------------

    def _holdings(self, companies: dict[int, Any]) -> Holdings:
        """Those that bear on the companies, with what is laid over: one query."""
        laid = self._rows[Shareholding]
        ends = dict(companies)
        seeds = {key for key in companies if key > 0}
        for row in laid:
            seeds |= {key for n in ("holder", "held") if (key := self.ref(row, n)) > 0}
        found = []
        if seeds:
            among, listed = AMONG[connection.vendor]
            above = RawSQL(
                ABOVE.format(among=among), [listed.format(",".join(map(str, sorted(seeds))))]
            )
            changed = {row.pk for row in laid if row.pk}
            rows = Shareholding.objects.valid().filter(held_id__in=above)
            for pk, holder, held, share, first, last, *dissolved in rows.values_list(
                *("pk", "holder_id", "held_id", "share", "first_day", "last_day"),
                *("holder__dissolved_on", "held__dissolved_on"),
            ):  # fmt: skip
                ends[holder], ends[held] = dissolved
                if pk not in changed:
                    found.append(_holding(holder, held, share, first, last))
        for row in laid:
            holder, held = self.ref(row, "holder"), self.ref(row, "held")
            found.append(_holding(holder, held, row.share, row.first_day, row.last_day))
        for name in ("holder", "held"):
            for row in laid:
                company = row._state.fields_cache.get(name)
                if company is not None:
                    ends.setdefault(self.key(company), company.dissolved_on)
        for company in self._rows[Contractor]:
            ends[self.key(company)] = company.dissolved_on
        return Holdings(found, {key: day.toordinal() for key, day in ends.items() if day})

    # --- Provisions of information -----------------------------------------------------------

    def disclosure_facts(self) -> Iterator[list[DisclosureFact]]:
        keys = sorted(self.disclosures)
        for start in range(0, len(keys), SLICE):
            some = keys[start : start + SLICE]
            rows = dict(self._disclosures)
            for saved in batches({key for key in some if key > 0 and key not in rows}):
                rows |= Disclosure.objects.valid().in_bulk(saved)
            justified = self._justified({key for key in some if key > 0})
            yield [
                disclosure_fact(rows[key], key, justified.get(key, {}))
                for key in some
                if key in rows
            ]

    def _justified(self, saved: set[int]) -> dict[int, dict]:
        laid = self._rows[Justification]
        changed = {row.pk for row in laid if row.pk}
        found = defaultdict(lambda: defaultdict(list))
        for keys in batches(saved):
            rows = Justification.objects.valid().filter(disclosure__in=keys)
            laid = [*laid, *(row for row in rows if row.pk not in changed)]
        for row in laid:
            if row.approved_on is not None:
                days = row.first_day.toordinal(), end_of(row.last_day)
                found[self.ref(row, "disclosure")][row.rule, row.subject].append(days)
        return found

    # --- Corrections -------------------------------------------------------------------------

    def actions(self, column: str, keys: list[int]) -> dict[tuple[int, str, str], list[Action]]:
        """As ``corrections.actions_of`` gives them, of recorded and new ones."""
        name = column.removesuffix("_id")
        laid = defaultdict(list)
        for row in self._rows[CorrectiveAction]:
            if (of := self.ref(row, name)) in set(keys):
                laid[of].append(row)
        plain = [key for key in keys if key > 0 and key not in laid]
        found = defaultdict(list, actions_of(column, plain) if plain else {})
        changed = {row.pk for rows in laid.values() for row in rows if row.pk}
        rows = [row for of in laid.values() for row in of]
        for some in batches(key for key in laid if key > 0):
            read = CorrectiveAction.objects.valid().filter(**{f"{name}__in": some})
            rows += [row for row in read if row.pk not in changed]
        for row in rows:
            days = row.first_day, row.last_day or NEVER
            action = Action(*days, row.started_on, row.closed_on or NEVER)
            found[self.ref(row, name), row.rule, row.subject].append(action)
        return found


CONTRACTOR, LAST_DAY = (CONTRACT_FIELDS.index(n) for n in ("contractor_id", "last_day"))
KINDS = dict(
    zip(
        SAID,
        (
            *("approval", "notice", "inspection", "capability", "confirmation", "decision"),
            *("measure", "proof", "flow_down"),
        ),
        strict=True,
    )
)


def _term(contract: Contract, amendments: list[Amendment]):
    """The last day that follows; where none can, the one there is."""
    try:
        return last_day(contract, [row for row in amendments if row.last_day])
    except ValidationError:
        return contract.last_day or contract.agreed_last_day


def _holding(holder: int, held: int, share, first, last) -> Holding:
    return Holding(holder, held, int(share * UNITS), first.toordinal(), end_of(last))
