"""From a clean clone to the first page, downloads apart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from bench.measuring import Measure

ROOT = Path(__file__).resolve().parent.parent
PORT = "8765"


def measures():
    """Clone, install from packages fetched before, prepare, make the data, serve."""
    with tempfile.TemporaryDirectory() as folder:
        packages, clone = Path(folder) / "packages", Path(folder) / "clone"
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes"]
        fetch += ["--requirement", str(ROOT / "requirements.txt"), "--dest", str(packages)]
        subprocess.run(fetch, check=True, capture_output=True)
        begun = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE", "LEDGER"))}
        offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(packages), "PORT": PORT}
        server = subprocess.Popen(
            [clone / "bin" / "run"],
            cwd=clone,
            env=keep | offline,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait_for_the_page(server)
            yield Measure("clean clone to first page", time.perf_counter() - begun, "s", 60)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def _wait_for_the_page(server) -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/login/") as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
