"""Who a company is, as a cell of a file names it: by the rules of ``contractor_fields``, but for
many at once; also those that come new with the file."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections import defaultdict

from django.db import DEFAULT_DB_ALIAS

from exchange.importing.ledger import Target
from outsourcing import corporate_numbers
from outsourcing.bulk import new_row
from outsourcing.contractor_fields import EXAMPLE, SHOWN, as_typed, number_in
from outsourcing.folding import fold, spelled_out
from outsourcing.models import Agency, Contractor, NoNumber
from outsourcing.scope import Scope

OF_BOTH = f"株式会社見本（{corporate_numbers.EXAMPLE}）"
_SHORT = re.compile(r"\[([0-9a-f]{12})\]$")
_NUMBERED = re.compile(r"(?P<name>.*)[（(][0-9０-９]{13}[)）]", re.DOTALL)
# In the order of the model, which ``from_db`` asks for.
READ = ("id", "version", "public_id", "corporate_number", "name", "search_name", "agency_id")


class Companies:
    """Those that may be known, and those that the file brings."""

    def __init__(self, reads: Scope):
        self.by_pk: dict[int, Target] = {}
        self.by_number: dict[str, Target] = {}
        self.by_short: dict[str, Target] = {}
        self.by_name: dict[str, list[Target]] = defaultdict(list)
        self._found: dict[str, Target] = {}
        # Of rows that were made of what contracts say: named once, to be looked at.
        self.made: list[Target] = []
        self.unnamed = False  # whether the file has some of whom too little is known
        # Those that are found by their number under another name.
        self.otherwise: dict[str, str] = {}
        rows = Contractor.objects.visible_to(reads).valid().order_by("pk")
        for values in rows.values_list(*READ):
            self._add(Target(values[0], row=Contractor.from_db(DEFAULT_DB_ALIAS, READ, values)))

    def add_new(self, row: Contractor) -> Target:
        """One that the file brings."""
        target = Target(row=row)
        row.search_name = fold(row.name)
        self._add(target)
        return target

    def _add(self, target: Target) -> None:
        row = target.row
        if target.pk:
            self.by_pk[target.pk] = target
        if row.corporate_number:
            self.by_number[row.corporate_number] = target
        self.by_short[row.public_id.hex[:12]] = target
        for name in {*row.search_name.split(" "), row.search_name}:
            self.by_name[name].append(target)

    def find(self, text: str, heading: str) -> Target:
        """Who is named. Raises ValueError where several are, LookupError where nobody is."""
        if text not in self._found:
            self._found[text] = self._find(text, heading)
        return self._found[text]

    def _find(self, text: str, heading: str) -> Target:
        if number := number_in(text):
            found = self.by_number.get(number)
            found = [found] if found else []
            self._compare(text, found)
        elif short := short_in(text):
            found = [self.by_short[short]] if short in self.by_short else []
        else:
            name = fold(text)
            found = self.by_name.get(name) or self.by_name.get(spelled_out(name), [])
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(as_typed(target.row) for target in found[:SHOWN])
            more = "など" if len(found) > SHOWN else ""
            raise ValueError(
                f"「{text}」に当たる{heading}が複数あります。どれかを入力してください：{names}{more}。"
            )
        raise LookupError(text)

    def _compare(self, text: str, found: list[Target]) -> None:
        """A wrong digit may be another company's number."""
        if found and (name := fold(name_in(text))) and found[0].pk:
            row = found[0].row
            if not {name, spelled_out(name)} & {*row.search_name.split(" "), row.search_name}:
                self.otherwise[text] = row.name

    def of_contract(self, text: str, heading: str, agency: Agency | None) -> Target:
        """Who is named; where nobody is known by that, somebody new. Raises ValueError."""
        try:
            return self.find(text, heading)
        except LookupError:
            row = self._new(text, heading, agency)
        target = self.add_new(row)
        target.made = True
        self.made.append(target)
        return target

    def _new(self, text: str, heading: str, agency: Agency | None) -> Contractor:
        number = number_in(text)
        if number is None and short_in(text):
            raise ValueError(
                f"{heading}「{text}」は登録されていません。名称か法人番号を確かめるか、"
                f"「委託先」シートに加えてください（{EXAMPLE}）。"
            )
        name = name_in(text)
        if number is not None:
            try:
                number = corporate_numbers.parse(number)
            except ValueError as error:
                raise ValueError(f"{heading}「{text}」：{error}（例：{OF_BOTH}）") from error
            if not name:
                raise ValueError(
                    f"{heading}「{text}」は登録されていません。番号を確かめるか、名称も付けて"
                    f"ください（例：株式会社見本（{number}））。"
                )
        reason = "" if number else NoNumber.UNKNOWN
        if len(name) > Contractor._meta.get_field("name").max_length:
            raise ValueError(f"{heading}「{name[:20]}…」は{len(name):,}字で、長すぎます。")
        return new_row(
            Contractor,
            name=name,
            corporate_number=number,
            no_number_reason=reason,
            agency=None if number else agency,
        )


def short_in(text: str) -> str | None:
    """What a suggestion writes behind the name of who has no number."""
    match = _SHORT.search(unicodedata.normalize("NFKC", text).strip())
    return match and match[1]


def name_in(text: str) -> str:
    """The name alone, of 「株式会社見本（8999999000001）」."""
    if number_in(text) is None:
        return text
    match = _NUMBERED.fullmatch(text.strip())
    return match["name"].strip() if match else ""


def public_id_of(short: str) -> uuid.UUID:
    """One that begins like this."""
    return uuid.UUID(short + uuid.uuid4().hex[12:])
