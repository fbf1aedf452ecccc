"""Files of evidence: their kind is what they hold, whatever they are called."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10  # of one visit, or of one measure
LONGEST_NAME = 255
_OFFICE = "application/vnd.openxmlformats-officedocument."
XLSX = f"{_OFFICE}spreadsheetml.sheet"
DOCX = f"{_OFFICE}wordprocessingml.document"

# Kind -> what it is called, and how names of it end; the first is added where a name has none.
KINDS = {
    "application/pdf": ("PDF", (".pdf",)),
    "image/jpeg": ("JPEG画像", (".jpg", ".jpeg", ".jpe")),
    "image/png": ("PNG画像", (".png",)),
    XLSX: ("Excelブック", (".xlsx",)),
    DOCX: ("Word文書", (".docx",)),
}
ACCEPTED = "PDF、JPEG、PNG、Excel（.xlsx）、Word（.docx）"

_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
# Told by name, so that the refusal helps.
_REFUSED = {
    b"\xd0\xcf\x11\xe0": "旧形式のOffice文書（.xls、.docなど）か暗号化された文書",
    b"MZ": "実行プログラム",
    b"GIF8": "GIF画像",
    b"II*\x00": "TIFF画像",
    b"MM\x00*": "TIFF画像",
    b"BM": "BMP画像",
    b"{\\rtf": "リッチテキスト",
    b"Rar!": "RAR書庫",
    b"7z\xbc\xaf": "7-Zip書庫",
}
_CONTENT_TYPES = "[Content_Types].xml"
_MOST_OF_TYPES = 1024 * 1024
# Whatever a container may have that is broken, encrypted or packed in an unknown way.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError),
    *(NotImplementedError, OSError, RuntimeError, ValueError),
)
_MAIN = {
    f"{XLSX}.main+xml".encode(): XLSX,
    f"{DOCX}.main+xml".encode(): DOCX,
}


class File(NamedTuple):
    """A file that may be kept."""

    name: str
    kind: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def kind_of(content: bytes) -> str | None:
    """Of ``KINDS``; None where it is none of them."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    return _office(content) if content.startswith(b"PK\x03\x04") else None


def read(upload) -> File:
    """What was sent, as it is kept. Raises ValidationError naming file, size and kind."""
    if not upload.size:
        raise ValidationError(f"「{upload.name}」は空のファイルです（0バイト）。{_accepted()}")
    if upload.size > MOST_BYTES:
        raise ValidationError(f"「{upload.name}」は{size_in_words(upload.size)}です。{_accepted()}")
    content = upload.read()
    kind = kind_of(content)
    if kind is None:
        raise ValidationError(
            f"「{upload.name}」（{size_in_words(upload.size)}）の中身は{_called(content)}です。"
            f"{_accepted()}"
        )
    return File(_named(upload.name, kind), kind, content)


def size_in_words(size: int) -> str:
    if size < 1024:
        return f"{size}バイト"
    if size < 1024 * 1024:
        return f"{size / 1024:,.0f}KB"
    return f"{size / 1024 / 1024:,.1f}MB"


def _office(content: bytes) -> str | None:
    """By the content types that the container itself lists; none where it holds macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            if any(name.lower().endswith("vbaproject.bin") for name in container.namelist()):
                return None
            with container.open(_CONTENT_TYPES) as listed:
                types = listed.read(_MOST_OF_TYPES)
    except _UNREADABLE:
        return None
    return next((kind for named, kind in _MAIN.items() if named in types), None)


def _called(content: bytes) -> str:
    """How a refusal calls what is none of ``KINDS``."""
    for beginning, name in _REFUSED.items():
        if content.startswith(beginning):
            return name
    if content.startswith(b"PK"):
        return "ZIP書庫、マクロを含む文書、又は壊れたOffice文書"
    start = content[:512].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "HTML文書"
    return "判別できない種類"


def _named(name: str, kind: str) -> str:
    """With the ending of what it is: who opens it later gets no other program than that of its
    kind."""
    endings = KINDS[kind][1]
    if name.lower().endswith(endings):
        return name[-LONGEST_NAME:]
    return name[: LONGEST_NAME - len(endings[0])] + endings[0]


def _accepted() -> str:
    return f"添えられるのは、{ACCEPTED}で、一つ{size_in_words(MOST_BYTES)}までのファイルです。"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class FilesField(forms.FileField):
    """Several files at once; each that cannot be kept is an error of its own."""

    widget = FilesInput

    def __init__(self, *, called="検査", **kwargs):
        self.called = called  # what they are kept with
        kwargs.setdefault(
            "help_text",
            f"{ACCEPTED}。一つ{size_in_words(MOST_BYTES)}まで、合わせて{MOST_FILES}個まで。",
        )
        super().__init__(**kwargs)
        endings = [end for _, ends in KINDS.values() for end in ends]
        self.widget.attrs["accept"] = ",".join(endings)

    def clean(self, value, initial=None) -> list[File]:
        uploads = [one for one in value or () if one]
        if not uploads:
            if self.required:
                raise ValidationError(f"{self.label}を選んでください。{_accepted()}")
            return []
        if len(uploads) > MOST_FILES:
            raise ValidationError(
                f"{self.label}が{len(uploads)}個あります。"
                f"一つの{self.called}に{MOST_FILES}個までです。"
            )
        files, problems = [], []
        for upload in uploads:
            try:
                files.append(read(upload))
            except ValidationError as refused:
                problems += refused.messages
        if problems:
            raise ValidationError(problems)
        return files
