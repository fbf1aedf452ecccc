"""Each hostile file is refused with words that say why, or read with what is told of it; always
in a child of its own that stays within its memory."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest

from exchange.reading import Refused, limits, parent, read
from tests.exchange.reading import read_files, read_shapes, refused_contents, refused_files
from tests.exchange.reading.handmade import workbook

REFUSED = [
    *refused_files.KINDS,
    *refused_files.ARCHIVES,
    *refused_contents.MARKUP,
    *refused_contents.CELLS,
    *refused_contents.TEXTS,
]
READ = [
    *read_files.DROPPED,
    *read_files.FORMULAS,
    *read_files.HIDDEN,
    *read_files.NUMBERS,
    *read_shapes.TEXTS,
    *read_shapes.SHAPES,
    *read_shapes.CSV,
]
KILOBYTES = limits.MEMORY_BYTES // 1024


def test_there_are_many():
    assert len(REFUSED) >= 60
    assert len({odd.what for odd in REFUSED}) == len(REFUSED)
    assert len({odd.what for odd in READ}) == len(READ)


@pytest.mark.parametrize("hostile", REFUSED, ids=lambda hostile: hostile.what)
def test_a_hostile_file_is_refused_in_words(hostile):
    with pytest.raises(Refused) as refusal:
        read(hostile.make(), name=hostile.name)
    answer = str(refusal.value)
    assert [word for word in hostile.words if word not in answer] == []
    assert len(answer) < 400
    assert "Traceback" not in answer
    assert refusal.value.peak_kilobytes < KILOBYTES


@pytest.mark.parametrize("odd", READ, ids=lambda odd: odd.what)
def test_an_odd_file_is_read_and_told_of(odd):
    book = read(odd.make(), name=odd.name)
    rows = {row.number: row.values for row in book.sheets[0].rows}
    assert rows == odd.rows
    # 1 == True == 1.0, and what is unreadable equals its text.
    assert [[*map(type, row)] for row in rows.values()] == [
        [*map(type, row)] for row in odd.rows.values()
    ]
    told = {caution.code: caution.text for caution in book.cautions}
    assert told.keys() == odd.told.keys()
    for code, words in odd.told.items():
        assert [word for word in words if word not in told[code]] == []
    assert book.peak_kilobytes < KILOBYTES


def test_a_file_larger_than_any_is_not_even_handed_to_a_child(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    file = tmp_path / "届出.xlsx"
    with file.open("wb") as out:
        out.truncate(limits.FILE_BYTES + 1)
    with pytest.raises(Refused, match="ファイルが大きすぎます（50MB。50MBまで）"):
        read(file, name="届出.xlsx")


def test_who_comes_when_all_places_are_taken_waits_and_is_then_told(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.1)
    monkeypatch.setattr(parent, "_turns", threading.BoundedSemaphore(1))
    with parent._a_turn(), pytest.raises(Refused, match="順番が来ませんでした"):
        read(workbook(), name="a.xlsx")
    with parent._a_turn():
        pass  # the place is free again


def test_a_path_and_its_bytes_give_the_same(tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook())
    assert read(file, name="a.xlsx").sheets == read(workbook(), name="a.xlsx").sheets


# The child itself: here a program of ours takes its place.


@pytest.fixture
def a_child_that(monkeypatch):
    def runs(program: str):
        limited = "import sys; sys.path.insert(0, sys.argv.pop()); "
        monkeypatch.setattr(parent, "_START", limited + program)

    return runs


def refusal() -> str:
    with pytest.raises(Refused) as refused:
        read(b"x", name="a.xlsx")
    return str(refused.value)


def test_a_child_that_takes_too_long_is_ended(a_child_that, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.5)
    a_child_that("import time; time.sleep(60)")
    began = time.monotonic()
    assert "25秒より長くかかる" in refusal()
    assert time.monotonic() - began < 20


def test_a_child_that_works_too_long_is_ended_by_the_system(a_child_that):
    a_child_that(
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    )
    answer = refusal()
    assert "25秒より長くかかる" in answer or "強制的に止められました" in answer


def test_a_child_that_is_killed_is_told_as_such(a_child_that):
    a_child_that("import os; os.kill(os.getpid(), 9)")
    assert "強制的に止められました（シグナル9）" in refusal()


def test_a_child_that_just_ends_is_told_as_such(a_child_that):
    a_child_that("import os; os._exit(3)")
    assert "強制的に止められました（終了コード3）" in refusal()


def test_a_child_that_wants_more_memory_is_refused_it(a_child_that):
    a_child_that(
        "from exchange.reading import child; "
        "child.read = lambda *_: bytearray(700 * 1024 * 1024); child.main()"
    )
    assert "メモリーが上限（600MB）を超えました" in refusal()


def test_a_child_that_fails_is_logged_and_told_without_its_traceback(a_child_that, caplog):
    a_child_that("from exchange.reading import child; child.read = None; child.main()")
    answer = refusal()
    assert "予期しない誤り" in answer
    assert "TypeError" not in answer
    assert "TypeError" in caplog.text


@pytest.mark.parametrize("said", ["'no JSON'", "[1]", "'{\"refused\": 1}'", "'[' * 99_999", 3])
def test_a_child_that_talks_nonsense_is_not_believed(a_child_that, caplog, said):
    a_child_that(f"print({said})")
    assert "予期しない誤り" in refusal()
    assert "told something else" in caplog.text


def test_a_line_without_end_is_not_waited_for(a_child_that, monkeypatch):
    monkeypatch.setattr(limits, "MOST_LINE", 100_000)
    a_child_that("\nwhile True: print('[' * 1000, end='')")
    assert "メモリーが上限" in refusal()


def test_a_child_that_tells_without_end_is_ended(a_child_that, monkeypatch):
    monkeypatch.setattr(limits, "MOST_OUTPUT", 100_000)
    a_child_that('print(\'{"sheet":"a","hidden":false}\')\nwhile True: print(\'[]\')')
    assert "メモリーが上限" in refusal()


def test_a_child_can_write_no_file_and_sees_no_setting(a_child_that, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret@host/ledger")
    wanted = tmp_path / "written"
    a_child_that(
        "import os, json; from exchange.reading import child; child.bind(); "
        f"wrote = False; file = open({str(wanted)!r}, 'w')\n"
        "try: file.write('x' * 10); file.flush()\n"
        "except OSError: pass\n"
        "print(json.dumps({'refused': str(sorted(os.environ)), 'peak': 1}), flush=True)\n"
        "os._exit(0)"
    )
    assert "DATABASE_URL" not in refusal()
    assert wanted.read_text() == ""


def test_a_killed_child_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    started = []
    start = subprocess.Popen

    def starting(*args, **how):
        started.append(start(*args, **how))
        threading.Timer(0.02, started[0].kill).start()
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", starting)
    large = workbook(
        {"契約": "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
         f"<sheetData>{'<row><c><v>1</v></c></row>' * 150_000}</sheetData></worksheet>"}
    )  # fmt: skip
    with pytest.raises(Refused, match="強制的に止められました（シグナル9）"):
        read(large, name="a.xlsx")
    assert list(tmp_path.iterdir()) == []
    assert started[0].returncode == -signal.SIGKILL
    assert not Path(f"/proc/{started[0].pid}").exists() or os.name == "nt"
