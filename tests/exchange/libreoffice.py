"""LibreOffice, which opens what leaves, reckons it anew and prints it, as an office may."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

needed = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
XLSX, PDF = "xlsx:Calc MS Excel 2007 XML", "pdf"


def saved_anew(files: Mapping[str, bytes], folder: Path, form: str = XLSX) -> dict[str, bytes]:
    """The files, opened and saved by LibreOffice; it starts once for all of them."""
    made = folder / form.partition(":")[0]
    for name, content in files.items():
        (folder / name).write_bytes(content)
    call = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    call += ["--convert-to", form, "--outdir", str(made), *(str(folder / name) for name in files)]
    subprocess.run(call, check=True, capture_output=True, timeout=300)
    return {
        name: (made / name).with_suffix(f".{form.partition(':')[0]}").read_bytes() for name in files
    }
