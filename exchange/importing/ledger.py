"""What rows of a file may name: of the ledger, read all at once and only where it is asked for, and
of the file itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

from exchange.importing.plan import Line
from outsourcing.folding import fold
from outsourcing.models import Agency, Contract, Disclosure, Inspection, Section, Subcontract
from outsourcing.scope import Scope
from surveys.models import Survey

CODES = {Contract: "", Inspection: "K", Disclosure: "T"}


@dataclass(eq=False, slots=True)
class Target:
    """Something that rows name: recorded (``pk``), or of this file (``line``). ``row``: the row of
    the model, once it is made or read."""

    pk: int | None = None
    agency_id: int | None = None
    section_id: int | None = None
    code: str = ""
    gone: bool = False  # voided
    line: Line | None = None
    row: models.Model | None = None
    contract: Target | None = None  # of a link
    number: int | None = None
    information: str = ""
    synthetic: bool = False
    renews_id: int | None = None
    parent_id: int | None = None  # of a link
    renews: Target | None = None
    made: bool = False  # a company that only a contract or a link names
    unread: frozenset[str] = frozenset()  # what is not known of a row of the file

    @property
    def key(self) -> int | Target:
        """For comparing with what is recorded."""
        return self.pk or self


@dataclass(eq=False)
class Coded:
    """What has a public code: recorded, by key and by code; of the file, by code and by what the
    file calls it. ``years``: agencies and years that have any already."""

    by_pk: dict[int, Target] = field(default_factory=dict)
    by_code: dict[str, Target] = field(default_factory=dict)
    new_by_code: dict[str, Target] = field(default_factory=dict)
    by_reference: dict[str, Target] = field(default_factory=dict)
    years: set[tuple[str, int]] = field(default_factory=set)
    # Of rows of the file it is not known which "code" or "reference" they have.
    unnamed: set[str] = field(default_factory=set)

    def find(self, text: str) -> Target | None:
        return self.by_code.get(text) or self.new_by_code.get(text) or self.by_reference.get(text)


class Ledger:
    """``agency``: whose rows are that do not say so. ``keys``: of the agencies whose rows the file
    may be about, None: of all."""

    def __init__(self, reads: Scope, *, by, agency: Agency | None):
        self.reads, self.by = reads, by
        self.left_out: set[str] = set()  # what rows are called that the file does not take in
        # Links of the file of which it is not known what they are called, or of which contract they
        # are: by contract and by what they are called; None is any.
        self.links_unnamed: set[tuple[Target | int | None, int | str | None]] = set()
        rows = Agency.objects.visible_to(reads).order_by("code")
        self.agencies = {row.pk: row for row in rows}
        self.agency_by_code = {row.code: row for row in self.agencies.values()}
        self.agency = agency
        if agency is None and not reads.is_everything and len(self.agencies) == 1:
            self.agency = next(iter(self.agencies.values()))
        self.keys = None if reads.is_everything else tuple(self.agencies)

    @cached_property
    def _agency_by_name(self) -> dict[str, Agency]:
        return {fold(row.name): row for row in reversed(self.agencies.values())}

    def agency_named(self, name: str) -> Agency | None:
        if name not in self._agency_by_name:
            self._agency_by_name[name] = self._agency_by_name.get(fold(name))
        return self._agency_by_name[name]

    def narrow(self, codes: Iterable[str]) -> None:
        """Only the agencies that the file names, where all may be read."""
        if self.keys is None:
            named = {self.agency_by_code.get(code) for code in codes} | {self.agency}
            self.keys = tuple(sorted(agency.pk for agency in named if agency))

    def of_agencies(self, model: type[models.Model]) -> models.QuerySet:
        rows = model._base_manager.all()
        return rows if self.keys is None else rows.filter(agency_id__in=self.keys)

    # --- By code -----------------------------------------------------------------------------

    @cached_property
    def contracts(self) -> Coded:
        names = ("section_id", "information", "synthetic", "renews_id")
        found = self._coded(Contract, *names)
        for target in found.by_pk.values():
            target.renews = found.by_pk.get(target.renews_id)
        return found

    @cached_property
    def disclosures(self) -> Coded:
        return self._coded(Disclosure, "section_id")

    @cached_property
    def visits(self) -> Coded:
        return self._coded(Inspection)

    def _coded(self, model: type[models.Model], *more: str) -> Coded:
        found, letter = Coded(), CODES[model]
        names = ("pk", "agency_id", "fiscal_year", "serial", "voided_on", *more)
        code_of = {pk: agency.code for pk, agency in self.agencies.items()}
        for pk, agency, year, serial, voided, *others in self.of_agencies(model).values_list(
            *names
        ):
            code = f"{code_of[agency]}-{year}-{letter}{serial:05d}"
            target = Target(pk, agency, code=code, gone=voided is not None)
            for name, value in zip(more, others, strict=True):
                setattr(target, name, value)
            found.by_pk[pk] = found.by_code[code] = target
            found.years.add((code_of[agency], year))
        return found

    # --- By number ---------------------------------------------------------------------------

    @cached_property
    def links(self) -> dict[tuple[int | Target, int | str], Target]:
        """By contract and number, or what the file calls it."""
        names = ("pk", "contract_id", "number", "voided_on", "parent_id")
        contracts = self.contracts.by_pk
        return {
            (contract, number): Target(
                pk,
                contracts[contract].agency_id,
                contracts[contract].section_id,
                contract=contracts[contract],
                number=number,
                gone=voided is not None,
                parent_id=parent,
            )
            for pk, contract, number, voided, parent in self.of_agencies(Subcontract).values_list(
                *names
            )
        }

    @cached_property
    def link_by_pk(self) -> dict[int, Target]:
        return {link.pk: link for link in list(self.links.values()) if link.pk}

    def parent_of(self, link: Target) -> Target | None:
        """As it is recorded."""
        return self.link_by_pk.get(link.parent_id)

    # --- Masters -----------------------------------------------------------------------------

    @cached_property
    def sections(self) -> dict[int, Section]:
        rows = Section.objects.visible_to(self.reads).select_related(None).order_by("pk")
        return {row.pk: row for row in rows}

    @cached_property
    def section_by_code(self) -> dict[tuple[int, str], Section]:
        return {(row.agency_id, row.code): row for row in self.sections.values()}

    @cached_property
    def sections_by_name(self) -> dict[str, list[Section]]:
        found = defaultdict(list)
        for row in self.sections.values():
            found[fold(row.name)].append(row)
        return found

    @cached_property
    def users(self) -> dict[str, models.Model]:
        """By user name: who has or had a role in these agencies, and who takes the file in."""
        rows = get_user_model()._default_manager.all()
        if not self.reads.is_everything:
            own = Q(memberships__agency__in=self.reads.agency_ids)
            rows = rows.filter(own | Q(pk=self.by.pk)).distinct()
        return {row.username: row for row in rows}

    @cached_property
    def users_by_name(self) -> dict[str, list[models.Model]]:
        found = defaultdict(list)
        for row in self.users.values():
            if row.full_name:
                found[fold(row.full_name)].append(row)
        return found

    @cached_property
    def surveys(self) -> dict[tuple[int, str, bool], Survey]:
        return {
            (row.fiscal_year, row.information, row.synthetic): row for row in Survey.objects.valid()
        }
