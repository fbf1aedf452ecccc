"""Whether the importer may have a row written: for its section, and what no file may say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from exchange.importing.ledger import Ledger
from exchange.importing.making import above
from exchange.importing.plan import Outcome
from exchange.importing.tables import Table
from outsourcing.models import Section

WRITING = (Outcome.ADDED, Outcome.CHANGED)
OF_AGENCY = ("code", "agency__name", "section")


class Permissions:
    def __init__(self, ledger: Ledger, may_write: Callable, today: date, *, fresh: bool):
        self.ledger, self.today, self.fresh = ledger, today, fresh
        self.may_write = cache(may_write)

    def check(
        self, table: Table, comes: list[Outcome | None], changed: dict[int, list[str]]
    ) -> None:
        """Refuse rows that are added or changed and must not be. ``comes``: what would come of each
        row, were all known."""
        key = table.sheet.key
        of_its_own = key in ("contracts", "disclosures")
        for row, outcome in enumerate(comes):
            if outcome not in WRITING:
                continue
            names = changed.get(row, [])
            if of_its_own:
                self._own(table, row, names)
            elif (of := above(table, row)) is not None and (
                of.pk or not of.unread.intersection(OF_AGENCY)
            ):
                self.may(table, row, of.agency_id, of.section_id, _named_by(table, row))
            if "synthetic" in names:
                why = "実データか合成データかは、登録した後では変えられません。"
                table.refuse(row, "synthetic", f"{why}元のとおりに戻してください。")
            if key == "companies":
                self._dissolved(table, row, names)
            elif key == "justifications":
                self._reason(table, row, names)

    def may(self, table: Table, row: int, agency: int, section: int | None, name: str) -> None:
        if not self.may_write(agency, section):
            table.refuse(row, name, self._not_yours(section))

    def _not_yours(self, section: int | None) -> str:
        if section is None:
            return (
                "課室のない契約などは、機関全体の役割がないと書けません。担当の保護担当者か保護管理者に"
                "依頼するか、この行を「取り込まない」としてください。"
            )
        name = self.ledger.sections[section].name
        return (
            f"課室「{name}」のものです。取り込む人の役割では、この課室の記録を書けません。その課室の"
            "保護担当者か保護管理者に依頼するか、この行を「取り込まない」としてください。"
        )

    def _own(self, table: Table, row: int, names: list[str]) -> None:
        """A contract or a provision: of the section it has, and of the one it gets."""
        target, agency = table.own[row], table.agencies[row]
        unknown = table.is_unread(row, *OF_AGENCY)
        if agency is None:
            if unknown:
                return
            why = "どの機関のものか分かりません。課室（例：総務課（001））を書いてください。"
            table.refuse(row, "section" if "section" in table.places else "", why)
            return
        new = table.targets["section"][row] if "section" in table.targets else None
        if target.pk:
            self.may(table, row, target.agency_id, target.section_id, "code")
        if unknown and new is None:
            return
        adding = target.pk is None
        if "section" in names or adding:
            self.may(table, row, agency.pk, new and new.pk, "section")
            if new is not None and not table.is_unread(row, "code"):
                self._stands(table, row, new, adding)

    def _stands(self, table: Table, row: int, section: Section, adding: bool) -> None:
        """Whether there is such a section on the day that counts."""
        day_of = "concluded_on" if table.sheet.key == "contracts" else "first_day"
        day = table.said(day_of, row) if adding else self.today
        if day is None or self.fresh:
            return
        if section.last_day and day > section.last_day:
            why = f"課室「{section.name}」は「{section.last_day}」までで"
        elif section.first_day and day < section.first_day:
            why = f"課室「{section.name}」は「{section.first_day}」からで"
        else:
            return
        table.refuse(
            row, "section", f"{why}、「{day}」にはありません。その日にある課室を書いてください。"
        )

    def _dissolved(self, table: Table, row: int, names: list[str]) -> None:
        if self.ledger.reads.is_everything:
            return
        adding = table.match[row] is None and table.said("dissolved_on", row) is not None
        if adding and table.is_unread(row, "contractor", "corporate_number", "name"):
            return
        if adding or "dissolved_on" in names:
            why = "解散日は調査担当だけが記録できます。空欄にするか、元のとおりに戻してください。"
            table.refuse(row, "dissolved_on", why)

    def _reason(self, table: Table, row: int, names: list[str]) -> None:
        """Asked for by one person and approved by another, each by their own hand."""
        if self.ledger.reads.is_everything:
            return
        if names:
            why = (
                "記録された理由書は、取込みでは変えられません。無効にして、新しく申請してください。"
            )
            table.refuse(row, names[0], why)
            return
        asked = table.targets["asked_by"][row] if "asked_by" in table.targets else None
        if asked is not None and asked.pk != self.ledger.by.pk:
            me = self.ledger.by
            named = f"{me.full_name}（{me.username}）" if me.full_name else me.username
            why = f"理由書を申請できるのは、取り込む本人だけです（例：{named}）。"
            table.refuse(row, "asked_by", why)
        for name in ("approved_by", "approved_on"):
            if table.said(name, row) is not None:
                why = "理由書の承認は取込みでは記録できません。空欄にし、取り込んだ後に画面で"
                table.refuse(row, name, f"{why}承認を受けてください。")


def _named_by(table: Table, row: int) -> str:
    named = table.targets.get("contract")
    return "contract" if named is not None and named[row] is not None else "disclosure"
