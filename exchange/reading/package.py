"""Which sheets a workbook has and where, and what else is in the file, which is not read."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from exchange.reading import limits
from exchange.reading.archive import Archive, too_many_sheets
from exchange.reading.book import Caution, Refused
from exchange.reading.kinds import EXPORT_AS_XLSX, SAVE_AS_XLSX
from exchange.reading.markup import REPAIR, TRUE, Broken, parse, spreadsheet_root

# Parts that are never opened: by how their names begin, and what is told of them.
DROPPED = (
    ("macros", ("xl/vbaproject", "xl/macrosheets/", "xl/vbadata"), "マクロ"),
    ("external-links", ("xl/externallinks/",), "外部のブックへのリンク"),
    ("connections", ("xl/connections.xml", "xl/querytables/"), "外部データへの接続"),
    ("drawings", ("xl/drawings/", "xl/media/", "xl/charts/", "xl/diagrams/"), "図形・画像・グラフ"),
    ("comments", ("xl/comments", "xl/threadedcomments/"), "コメント（メモ）"),
    ("pivot-tables", ("xl/pivottables/", "xl/pivotcache/"), "ピボットテーブル"),
    ("objects", ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/"), "埋め込まれたオブジェクト"),
)
_KINDS_OF_SHEET = {"worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"}


class SheetPart(NamedTuple):
    name: str
    hidden: bool
    part: str  # the entry that holds it


class Package(NamedTuple):
    kind: str
    date1904: bool
    sheets: list[SheetPart]
    strings: str | None  # the entries of shared strings and styles
    styles: str | None
    cautions: list[Caution]


def open_package(archive: Archive) -> Package:
    _refuse_others(archive)
    workbook = _main_part(archive)
    targets = _relations(archive, workbook)
    listed, date1904 = _sheets(archive, workbook)
    sheets, cautions = [], _dropped(archive)
    for name, hidden, relation in listed:
        kind, part = targets.get(relation, ("", None))
        if kind not in _KINDS_OF_SHEET or part is None:
            raise Broken(f"シート「{name}」", "シートの中身がファイルの中にない")
        if kind == "worksheet":
            sheets.append(SheetPart(name, hidden, part))
        else:
            text = f"シート「{name}」は表ではない（グラフやマクロのシート）ため、読みません。"
            cautions.append(Caution("other-sheets", text, name, count=1))
    if not sheets:
        raise Refused(f"表のシートが一枚もありません。{REPAIR}")
    by_kind = dict(targets.values())
    kind = "xlsm" if any(caution.code == "macros" for caution in cautions) else "xlsx"
    styles = by_kind.get("styles")
    return Package(kind, date1904, sheets, by_kind.get("sharedStrings"), styles, cautions)


def _refuse_others(archive: Archive) -> None:
    """Other kinds of file that are zips too."""
    if archive.find("xl/workbook.bin"):
        raise Refused(f"バイナリ形式のExcelファイル（.xlsb）は取り込めません。{SAVE_AS_XLSX}")
    if archive.find("word/document.xml"):
        raise Refused(f"これはWord文書で、Excelブックではありません。{EXPORT_AS_XLSX}")
    if archive.find("ppt/presentation.xml"):
        raise Refused(f"これはPowerPointの資料で、Excelブックではありません。{EXPORT_AS_XLSX}")
    if archive.find("mimetype") and archive.find("content.xml"):
        raise Refused(
            "OpenDocument形式（.ods など）のファイルは取り込めません。LibreOfficeやExcelで開き、"
            "「名前を付けて保存」で「Excelブック（*.xlsx）」を選んで保存し直してください。"
        )
    if not archive.find("_rels/.rels") or not archive.find("[Content_Types].xml"):
        raise Refused(
            "圧縮ファイル（zip）ですが、Excelブック（.xlsx）ではありません。zipの中にブックがあるときは、展開して"
            "ブックをそのままアップロードしてください。"
        )


def _main_part(archive: Archive) -> str:
    for kind, part in _relations(archive, "").values():
        if kind == "officeDocument" and part is not None:
            return part
    raise Broken("ブック", "目次がファイルの中にない")


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str | None]]:
    """What a part refers to: the kind and the entry by id. What lies outside the file, or is not
    in it, has no entry: nothing is ever fetched."""
    folder, name = posixpath.split(part)
    rels = archive.find(posixpath.join(folder, "_rels", f"{name}.rels"))
    if rels is None:
        raise Broken("ブック", "部品どうしの関係の記録がない")
    found = {}

    def begin(prefix, _local, _namespace, parser):
        def start(tag, attributes):
            if tag != f"{prefix}Relationship":
                return
            kind = attributes.get("Type", "").rpartition("/")[2]
            inside = attributes.get("TargetMode") != "External"
            target = posixpath.join("/", folder, attributes.get("Target", ""))
            entry = archive.find(posixpath.normpath(target).lstrip("/")) if inside else None
            found[attributes.get("Id", "")] = (kind, entry)
            if len(found) > limits.ENTRIES:
                raise Broken("ブック", "部品どうしの関係が多すぎる")

        parser.StartElementHandler = start

    parse(archive.pieces(rels), "ブック", begin)
    return found


def _sheets(archive: Archive, workbook: str) -> tuple[list[tuple[str, bool, str]], bool]:
    """Name, hidden and id of each sheet, and whether days are counted from 1904."""
    listed, settings = [], {}

    def begin(prefix, local, namespace, parser):
        spreadsheet_root("ブック", "workbook", local, namespace)

        def start(tag, attributes):
            if tag == f"{prefix}sheet":
                hidden = attributes.get("state", "visible") != "visible"
                relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
                listed.append((attributes.get("name", ""), hidden, relation))
            elif tag == f"{prefix}workbookPr":
                settings.update(attributes)

        parser.StartElementHandler = start

    parse(archive.pieces(workbook), "ブック", begin)
    _check_sheets([name for name, _, _ in listed])
    return listed, settings.get("date1904") in TRUE


def _check_sheets(names: list[str]) -> None:
    if len(names) > limits.SHEETS:
        raise too_many_sheets(len(names))
    seen = set()
    for name in names:
        if not name.strip():
            raise Broken("ブック", "名前のないシートがある")
        if len(name) > limits.SHEET_NAME:
            raise Refused(
                f"シートの名前が長すぎます（{len(name):,}文字。「{name[:20]}…」）。Excelと同じく31文字までに"
                "して、保存し直してください。"
            )
        if name.lower() in seen:
            raise Refused(
                f"同じ名前のシート「{name}」が二つあります。どちらかの名前を変えて保存し直してください。"
            )
        seen.add(name.lower())


def _dropped(archive: Archive) -> list[Caution]:
    cautions = []
    for code, beginnings, what in DROPPED:
        count = sum(
            name.lower().startswith(beginnings)
            and not name.lower().endswith((".vml", ".rels", "/"))
            for name in archive.names
        )
        if count:
            text = f"{what}が含まれています。値だけを読み、{what}は開かずに捨てます。"
            cautions.append(Caution(code, text, count=count))
    return cautions
