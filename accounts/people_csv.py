"""A CSV file of accounts and their roles, read: every line, or everything that is wrong with it.

UTF-8, with or without a byte order mark, or CP932 as Excel writes it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any, NamedTuple

from accounts.models import WITHOUT_AGENCY, Role, User
from outsourcing import wareki
from outsourcing.models import Agency, Section
from outsourcing.scope import Scope

COLUMNS = ("ユーザー名", "氏名", "役割", "機関コード", "課室コード", "開始日", "終了日")
MOST_BYTES = 500_000
MOST_LINES = 500
ROLES = {role.label: role for role in Role}


class Wrong(NamedTuple):
    """What is wrong in a line (from 1, the heading) and column, with the value."""

    line: int
    column: str
    value: str
    message: str


class Line(NamedTuple):
    """One account and one role of it."""

    number: int
    username: str
    full_name: str
    role: Role
    agency: Agency | None
    section: Section | None
    first_day: date
    last_day: date | None

    @property
    def duty(self) -> dict[str, Any]:
        names = ("role", "agency", "section", "first_day", "last_day")
        return {name: getattr(self, name) for name in names}


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why, in Japanese."""


def read(content: bytes, *, scope: Scope) -> tuple[list[Line], list[Wrong]]:
    """The lines of a file, and all that is wrong with them. ``scope``: whose agencies may be named;
    others are refused like those there are not. Raises UnreadableFile."""
    rows = _rows(_text(content))
    known = _Known.of(scope, [row for _, row in rows])
    lines, wrong = [], []
    for number, row in rows:
        line, problems = _line(number, row, known)
        lines += [line] if line else []
        wrong += [Wrong(number, column, value, says) for column, value, says in problems]
    wrong += _repeated(lines)
    return lines, sorted(wrong, key=lambda one: (one.line, COLUMNS.index(one.column)))


class _Known(NamedTuple):
    """What a file may refer to, asked for once."""

    agencies: dict[str, Agency]
    sections: dict[tuple[int, str], Section]
    usernames: set[str]

    @classmethod
    def of(cls, scope: Scope, rows: list[dict]) -> _Known:
        agencies = {a.code: a for a in Agency.objects.visible_to(scope).valid()}
        found = Section.objects.visible_to(scope).valid()
        found = found.filter(code__in={row["課室コード"] for row in rows})
        return cls(
            agencies,
            {(section.agency_id, section.code): section for section in found},
            {name.casefold() for name in User.objects.values_list("username", flat=True)},
        )


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            f"ファイルが大きすぎます（{len(content):,}バイト。{MOST_BYTES:,}バイトまで）。"
        )
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("文字コードを読み取れません。UTF-8かShift_JISのCSVにしてください。")


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        rows = [(number, [cell.strip() for cell in row]) for number, row in enumerate(reader, 1)]
    except csv.Error as error:
        raise UnreadableFile(f"{reader.line_num}行目がCSVとして読めません。") from error
    if not rows or tuple(rows[0][1]) != COLUMNS:
        raise UnreadableFile(f"1行目に見出し「{','.join(COLUMNS)}」が必要です。")
    rows = [(number, row) for number, row in rows[1:] if any(row)]
    if not rows:
        raise UnreadableFile("見出しの下に行がありません。")
    if len(rows) > MOST_LINES:
        raise UnreadableFile(f"行が多すぎます（{len(rows):,}行。{MOST_LINES:,}行まで）。")
    for number, row in rows:
        if len(row) != len(COLUMNS):
            raise UnreadableFile(
                f"{number}行目の列の数が{len(row)}です（{len(COLUMNS)}列にしてください）。"
            )
    return [(number, dict(zip(COLUMNS, row, strict=True))) for number, row in rows]


def _line(number: int, row: dict, known: _Known) -> tuple[Line | None, list[tuple]]:
    """A line, or (column, value, message) of what is wrong."""
    username, full_name, label, agency_code, section_code, *_ = row.values()
    username = User.normalize_username(username)
    wrong = [
        (column, row[column], f"{column}がありません。")
        for column in ("ユーザー名", "氏名", "役割", "開始日")
        if not row[column]
    ]
    if username.casefold() in known.usernames:
        wrong.append(("ユーザー名", username, f"ユーザー名「{username}」は既に使われています。"))
    role = ROLES.get(label)
    if label and role is None:
        wrong.append(("役割", label, f"役割「{label}」はありません（{'、'.join(ROLES)}）。"))
    agency = known.agencies.get(agency_code)
    if agency_code and agency is None:
        wrong.append(("機関コード", agency_code, f"機関コード「{agency_code}」は選べません。"))
    elif role and not agency_code and role not in WITHOUT_AGENCY:
        wrong.append(("機関コード", "", f"役割「{label}」には機関コードが必要です。"))
    section = agency and known.sections.get((agency.pk, section_code))
    if section_code and section is None:
        wrong.append(("課室コード", section_code, f"課室コード「{section_code}」は選べません。"))
    days = {}
    for column in ("開始日", "終了日"):
        try:
            days[column] = wareki.parse(row[column]) if row[column] else None
        except ValueError as error:
            wrong.append((column, row[column], str(error)))
    if wrong:
        return None, wrong
    return Line(number, username, full_name, role, agency, section, *days.values()), []


def _repeated(lines: list[Line]) -> Iterator[Wrong]:
    """The same role twice, or one username for two people."""
    seen: dict[tuple, int] = {}
    names: dict[str, dict[str, int]] = defaultdict(dict)
    for line in lines:
        key = (line.username.casefold(), line.role, line.agency, line.section)
        if key in seen:
            says = f"{seen[key]}行目と同じ役割です。"
            yield Wrong(line.number, "ユーザー名", line.username, says)
        seen.setdefault(key, line.number)
        known = names[line.username.casefold()]
        if known and (line.username, line.full_name) not in known:
            first = next(iter(known.values()))
            says = f"同じユーザー名が{first}行目にあり、氏名か大文字小文字が違います。"
            yield Wrong(line.number, "氏名", line.full_name, says)
        known.setdefault((line.username, line.full_name), line.number)
