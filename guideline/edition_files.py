"""Reads the files of editions, and says by file and line what cannot be used.

An edition may rest on another (``based_on``): what it does not say is as there. Rules are always
said anew, since what does not bind must be visible in the file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from guideline.intervals import FOREVER
from guideline.provisions import Chapter, Edition, Parameters, Provision, chapter_of
from guideline.rules import BY_CODE

TEXTS = ("title", "number", "addressed_to", "note")
DAYS = ("issued", "in_force_from")
OF_PROVISION = {"code", "mark", "caption", "text", "editor", "absent"}
WINDOWS = ("rolling", "fiscal")
PARAMETERS = [field.name for field in fields(Parameters)]


class EditionErrors(Exception):
    """What is wrong with the files of editions, each problem with file and line, in Japanese."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


class _File:
    """One file while it is read; collects its problems."""

    def __init__(self, path: Path):
        self.path = path
        self.problems: list[str] = []
        self.lines: list[str] = []
        self.data: dict[str, Any] = {}
        try:
            self.lines = path.read_text(encoding="utf-8").splitlines()
            self.data = tomllib.loads("\n".join(self.lines))
        except UnicodeDecodeError as error:
            self.says(f"UTF-8として読めません（{error}）。")
        except tomllib.TOMLDecodeError as error:
            self.says(f"TOMLとして読めません（{error}）。", at=_line_in(str(error)))

    def says(self, problem: str, *, key: str = "", value: str = "", at: int = 0) -> None:
        line = at or self.line(key, value)
        self.problems.append(f"{self.path.name} {line}行目：{problem}")

    def line(self, key: str, value: str = "") -> int:
        """Where ``key`` (with ``value`` in it, where given) is set, the last time where it is set
        twice; 1 where it is missing."""
        pattern = re.compile(rf'^\s*(\[+)?"?{re.escape(key)}"?\s*(\]+|=)')
        found = [n for n, line in enumerate(self.lines, 1) if pattern.match(line)]
        named = [n for n in found if f'"{value}"' in self.lines[n - 1]] if value else []
        return named[-1] if named else (found or [1])[0]


def read_editions(folder: Path) -> list[Edition]:
    """The editions of a folder, oldest first. Raises EditionErrors with the problems of all files
    at once: of each those of its form, or where that is good those of its meaning."""
    files = {path.stem: _File(path) for path in sorted(folder.glob("*.toml"))}
    if not files:
        raise EditionErrors([f"{folder.name}：指針の版がありません。"])
    for file in files.values():
        if not file.problems:
            _check_form(file, files)
    sound = {name for name, file in files.items() if not file.problems}
    whole = {
        name: _whole(name, files)
        for name in files
        if name in sound and files[name].data.get("based_on", name) in sound
    }
    for name, said in whole.items():
        _check_meaning(files[name], said)
    ordered = sorted(whole, key=lambda name: whole[name]["in_force_from"])
    ends = _ends(ordered, files, whole)
    if problems := [problem for file in files.values() for problem in file.problems]:
        raise EditionErrors(problems)
    return [_edition(whole[name], ends[name]) for name in ordered]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_day(value: Any) -> bool:
    return type(value) is date  # and not a time of day


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


FORM = {
    **dict.fromkeys(TEXTS, _is_text),
    **dict.fromkeys((*DAYS, "in_force_until"), _is_day),
    "based_on": _is_text,
    "parameters": lambda value: isinstance(value, dict),
    "rules": lambda value: isinstance(value, dict) and all(map(_is_list_of_texts, value.values())),
    "chapters": _is_list_of_tables,
    "provisions": _is_list_of_tables,
}


def _check_form(file: _File, files: dict[str, _File]) -> None:
    """What a file must look like by itself."""
    data = file.data
    for key in sorted(data.keys() - FORM.keys()):
        file.says(f"項目「{key}」は知られていません。", key=key)
    for key in (*TEXTS, *DAYS, "rules"):
        if key not in data:
            file.says(f"「{key}」がありません。", key=key)
    for key, good in FORM.items():
        if key in data and not good(data[key]):
            file.says(f"「{key}」の形が正しくありません。", key=key)
    if file.problems:
        return
    base = data.get("based_on")
    if base is not None and (base not in files or "based_on" in files[base].data):
        file.says(
            f"もとにする版「{base}」がないか、それ自身が別の版によっています。", key="based_on"
        )
    for row in data.get("chapters", ()):
        if not (_is_text(row.get("number")) and _is_text(row.get("heading"))):
            file.says("章に番号又は見出しがありません。", key="chapters")
    _check_provisions(file)
    for name, value in data.get("parameters", {}).items():
        if problem := _parameter_problem(name, value):
            file.says(problem, key=name)


def _check_provisions(file: _File) -> None:
    seen = set()
    for row in file.data.get("provisions", ()):
        code = row.get("code", "")
        for key in sorted(row.keys() - OF_PROVISION):
            file.says(f"条項「{code}」の項目「{key}」は知られていません。", key=key)
        texts = [value for key, value in row.items() if key != "absent"]
        if not all(map(_is_text, texts)) or not code or not (row.get("text") or row.get("absent")):
            file.says(f"条項「{code}」に番号又は文がありません。", key="code", value=str(code))
        elif code in seen:
            file.says(f"条項「{code}」が二度あります。", key="code", value=code)
        else:
            seen.add(code)


def _parameter_problem(name: str, value: Any) -> str:
    if name not in PARAMETERS:
        return f"パラメータ「{name}」は知られていません。"
    if name == "inspection_windows":
        return (
            ""
            if value in WINDOWS
            else f"「{name}」の値「{value}」は{WINDOWS}のどれでもありません。"
        )
    if name.endswith("_days"):
        good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return "" if good else f"「{name}」の値「{value}」は0以上の日数ではありません。"
    return (
        "" if _is_list_of_texts(value) else f"「{name}」の値「{value}」は語の一覧ではありません。"
    )


def _whole(name: str, files: dict[str, _File]) -> dict[str, Any]:
    """What a file says together with the edition it rests on."""
    data = files[name].data
    base = files[data["based_on"]].data if "based_on" in data else {}
    provisions = {row["code"]: row for row in base.get("provisions", ())}
    for row in data.get("provisions", ()):
        # The mark and the caption stay where only the text is another; what the editor said of the
        # other text does not.
        kept = {
            k: v for k, v in provisions.get(row["code"], {}).items() if k in ("mark", "caption")
        }
        provisions[row["code"]] = kept | row
    return {
        **data,
        "chapters": data.get("chapters") or base.get("chapters", []),
        "provisions": {code: row for code, row in provisions.items() if not row.get("absent")},
        "parameters": base.get("parameters", {}) | data.get("parameters", {}),
    }


def _check_meaning(file: _File, whole: dict[str, Any]) -> None:
    """What a whole edition must say, and that what it names is there."""
    provisions, parameters = whole["provisions"], whole["parameters"]
    for name in PARAMETERS:
        if name not in parameters:
            file.says(f"パラメータ「{name}」がありません。", key="parameters")
    chapters = {row["number"] for row in whole["chapters"]}
    for code in provisions:
        if chapter_of(code) not in chapters:
            file.says(f"条項「{code}」の章がありません。", key="code", value=code)
    for code in parameters.get("items", ()):
        if code not in provisions:
            file.says(f"記載事項「{code}」の条項がありません。", key="items")
    for rule, rests_on in whole["rules"].items():
        if rule not in BY_CODE:
            file.says(f"規則「{rule}」は知られていません。", key=rule)
        if not rests_on:
            file.says(f"規則「{rule}」のよる条項が示されていません。", key=rule)
        for code in rests_on:
            if code not in provisions:
                file.says(f"規則「{rule}」のよる条項「{code}」がありません。", key=rule)


def _ends(ordered: list[str], files: dict[str, _File], whole: dict[str, dict]) -> dict[str, int]:
    """Where each edition ends: on its last day, or where the next begins."""
    ends = {}
    following = [*ordered[1:], None]
    for name, later in zip(ordered, following, strict=True):
        begin = whole[name]["in_force_from"].toordinal()
        begins = whole[later]["in_force_from"].toordinal() if later else FOREVER
        last = whole[name].get("in_force_until")
        end = last.toordinal() + 1 if last else begins
        if end > begins or end <= begin:
            other = f"「{later}」と" if later else ""
            key = "in_force_until" if last else "in_force_from"
            file = files[name]
            file.says(f"施行の期間が{other}重なるか、終わりが始まりより前です。", key=key)
        ends[name] = end
    return ends


def _edition(data: dict[str, Any], until: int) -> Edition:
    return Edition(
        title=data["title"],
        number=data["number"],
        issued=data["issued"],
        since=data["in_force_from"].toordinal(),
        until=until,
        addressed_to=data["addressed_to"],
        note=data["note"],
        chapters=tuple(Chapter(row["number"], row["heading"]) for row in data["chapters"]),
        provisions={p.code: p for p in _in_order(data["provisions"].values())},
        parameters=Parameters(
            **{
                name: frozenset(value) if isinstance(value, list) else value
                for name, value in data["parameters"].items()
            }
        ),
        rules={rule: tuple(codes) for rule, codes in data["rules"].items()},
    )


def _in_order(rows) -> Iterator[Provision]:
    """As the text is read, also where an edition adds a provision to the one it rests on."""
    made = [
        Provision(
            code=row["code"],
            mark=row.get("mark") or _mark(row["code"]),
            caption=row.get("caption", ""),
            text=row["text"].strip(),
            editor=row.get("editor", ""),
        )
        for row in rows
    ]
    return iter(sorted(made, key=lambda provision: _place(provision.code)))


def _mark(code: str) -> str:
    """ "4" of "8-4", "(2)" of "8-4(2)", "(注)" of "8-4(2)注", nothing of a chapter's only text."""
    if code.endswith("注"):
        return "(注)"
    if code.endswith(")"):
        return code[code.index("(") :]
    return code.partition("-")[2]


def _place(code: str) -> tuple:
    """A note stands behind what it is on, items behind their paragraph and its note."""
    numbers = [int(number) for number in re.findall(r"\d+", code)]
    return (*numbers, *[0] * (3 - len(numbers))), code.endswith("注")


def _line_in(message: str) -> int:
    found = re.search(r"line (\d+)", message)
    return int(found[1]) if found else 1
