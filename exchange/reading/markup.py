"""XML as a stream, by expat. A document type is refused, and entities with it."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from exchange.reading.book import Refused

REPAIR = (
    "Excelで開けるか確かめ、開けたら「名前を付けて保存」で新しいExcelブック（*.xlsx）に"
    "保存し直してください。"
)
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # strict
)
ENCODINGS = ("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII")
TRUE = ("1", "true", "on")


class Broken(Refused):
    """A part of the workbook that is not what it should be."""

    def __init__(self, part: str, what: str):
        super().__init__(f"ファイルが壊れています（{part}：{what}）。{REPAIR}")


def parse(pieces: Iterable[bytes], part: str, begin, feeder=None) -> None:
    """Run ``pieces`` through expat. ``begin(prefix, name, namespace, parser)`` is told the root
    element once, with the prefix that its names carry (mostly none), and sets the handlers. A
    ``feeder`` decides in which portions the parser is given the pieces."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16

    def no_document_type(*_):
        raise Refused(
            f"XMLの実体や文書型の宣言（DOCTYPE）を含むファイルは、安全のため読みません（{part}）。"
            f"Excelが保存したファイルには含まれません。{REPAIR}"
        )

    def root(name, attributes):
        prefix, colon, local = name.rpartition(":")
        parser.StartElementHandler = None
        begin(prefix + colon, local, _namespace(attributes, prefix), parser)

    def declaration(_version, encoding, _standalone):
        if encoding and encoding.upper() not in ENCODINGS:
            raise Broken(part, f"文字コード「{encoding[:40]}」は使えない")

    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = no_document_type
    parser.EntityDeclHandler = no_document_type
    parser.StartElementHandler = root
    try:
        for piece in pieces:
            if feeder is None:
                parser.Parse(piece, False)
            else:
                feeder.feed(parser, piece)
        if feeder is not None:
            feeder.finish(parser)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise MemoryError from error
        raise Broken(part, f"{error.lineno}行目でXMLの書き方が正しくない") from error


def spreadsheet_root(part: str, expected: str, local: str, namespace: str) -> None:
    """Refuse a root element that is another than this part must have."""
    if local != expected or namespace not in MAIN:
        raise Broken(part, f"中身がExcelのものではない「{local[:40]}」")


def _namespace(attributes: dict, prefix: str) -> str:
    return attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
