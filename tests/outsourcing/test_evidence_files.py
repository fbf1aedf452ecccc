"""A file of evidence is what it holds, whatever it is called; anything else is refused by name."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from outsourcing.evidence_files import (
    DOCX,
    MOST_BYTES,
    MOST_FILES,
    XLSX,
    FilesField,
    kind_of,
    read,
    size_in_words,
)

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"


def workbook() -> bytes:
    """As a program that offices use writes it."""
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


def container(types: str, *more: str, method=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        made.writestr("[Content_Types].xml", types)
        for name in more:
            made.writestr(name, "x")
    return file.getvalue()


def document() -> bytes:
    return container(f'<Override ContentType="{MAIN.format("wordprocessingml.document")}"/>')


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class TestKinds:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (PDF, "application/pdf"),
            (JPEG, "image/jpeg"),
            (PNG, "image/png"),
            (workbook(), XLSX),
            (document(), DOCX),
        ],
        ids=["pdf", "jpeg", "png", "xlsx", "docx"],
    )
    def test_is_told_from_what_it_holds(self, content, kind):
        assert kind_of(content) == kind
        assert read(upload("a.exe", content)).kind == kind

    @pytest.mark.parametrize(
        ("content", "called"),
        [
            (b"MZ\x90\x00", "実行プログラム"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧形式のOffice文書"),
            (b"<!DOCTYPE html><script>", "HTML文書"),
            (b"\n <html>", "HTML文書"),
            (b"GIF89a", "GIF画像"),
            (b"abc", "判別できない種類"),
            (container("<Types/>"), "ZIP書庫"),
            (container("x", "word/document.xml").replace(b"[Content", b"{Content"), "ZIP書庫"),
            (
                container(MAIN.format("spreadsheetml.sheet"), "xl/vbaProject.bin"),
                "マクロを含む文書",
            ),
            (
                container("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
                "マクロを含む文書",
            ),
            (workbook()[:-40], "壊れたOffice文書"),
            (b"PK\x03\x04" + b"\x00" * 40, "壊れたOffice文書"),
            (b" %PDF-1.7", "判別できない種類"),
        ],
    )
    def test_anything_else_is_refused_with_name_size_kind_and_what_is_taken(self, content, called):
        with pytest.raises(ValidationError) as refused:
            read(upload("報告書.pdf", content))
        (said,) = refused.value.messages
        assert "「報告書.pdf」" in said
        assert size_in_words(len(content)) in said
        assert called in said
        assert "PDF、JPEG、PNG、Excel（.xlsx）、Word（.docx）" in said
        assert "10.0MB" in said

    def test_a_container_that_unpacks_to_very_much_is_not_unpacked(self):
        bomb = container(" " * 50_000_000 + MAIN.format("spreadsheetml.sheet"))
        assert len(bomb) < 100_000
        assert kind_of(bomb) is None

    def test_a_broken_stream_is_refused(self):
        whole = container(MAIN.format("spreadsheetml.sheet") * 100)
        start = whole.index(b"[Content_Types].xml") + len("[Content_Types].xml")
        assert kind_of(whole[:start] + b"\xff" * 20 + whole[start + 20 :]) is None


class TestSizes:
    @pytest.mark.parametrize(
        ("size", "taken"), [(MOST_BYTES - 1, True), (MOST_BYTES, True), (MOST_BYTES + 1, False)]
    )
    def test_up_to_ten_megabytes_are_taken(self, size, taken):
        file = upload("写真.pdf", PDF.ljust(size, b"\x00"))
        if taken:
            assert read(file).size == size
            return
        with pytest.raises(ValidationError, match=r"「写真\.pdf」は10\.0MB"):
            read(file)

    def test_an_empty_file_is_refused(self):
        with pytest.raises(ValidationError, match="は空のファイルです"):
            read(upload("空.pdf", b""))

    @pytest.mark.parametrize(
        ("size", "said"),
        [(0, "0バイト"), (1023, "1023バイト"), (1024, "1KB"), (1024 * 1024, "1.0MB")],
    )
    def test_are_said_in_words(self, size, said):
        assert size_in_words(size) == said


class TestNames:
    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("検査.pdf", "検査.pdf"),
            ("検査.PDF", "検査.PDF"),
            ("検査.exe", "検査.exe.pdf"),
            ("検査", "検査.pdf"),
        ],
    )
    def test_end_as_the_kind_does(self, name, kept):
        assert read(upload(name, PDF)).name == kept

    @pytest.mark.parametrize("ending", ["", ".pdf"])
    def test_are_no_longer_than_can_be_kept(self, ending):
        name = read(upload("長" * 300 + ending, PDF)).name
        assert len(name) == 255
        assert name.endswith(".pdf")


class TestField:
    def test_names_each_file_that_cannot_be_kept(self):
        files = [upload("甲.pdf", PDF), upload("乙.pdf", b"x"), upload("丙.pdf", b"")]
        with pytest.raises(ValidationError) as refused:
            FilesField(label="証拠書類").clean(files)
        assert [("乙" in m, "丙" in m) for m in refused.value.messages] == [
            (True, False),
            (False, True),
        ]

    def test_takes_ten_files_and_not_eleven(self):
        def sent(number):
            return [upload(f"{n}.pdf", PDF + bytes([n])) for n in range(number)]

        field = FilesField(label="証拠書類")
        assert len(field.clean(sent(MOST_FILES))) == 10
        with pytest.raises(ValidationError, match="証拠書類が11個あります"):
            field.clean(sent(MOST_FILES + 1))

    def test_asks_for_one_where_it_must(self):
        assert FilesField(label="証拠書類", required=False).clean([]) == []
        with pytest.raises(ValidationError, match="証拠書類を選んでください"):
            FilesField(label="証拠書類").clean([])
