"""The port to serve on, and whether it is free. Also run by itself, before a first start's work."""

from __future__ import annotations

import errno
import os
import socket
import sys

HOST = "127.0.0.1"
DEFAULT_PORT = "8000"


class PortError(Exception):
    """A port that cannot be used, said so that a person can choose another."""


def wanted_port(text: str | None = None) -> int:
    """The port named, else the one in PORT, else 8000."""
    text = text if text is not None else os.environ.get("PORT") or DEFAULT_PORT
    # Only the digits 0 to 9: int() would also take ８０００ or 8_000.
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= 65535:
        raise PortError(f"ポート番号「{text}」は使えません。1から65535までの数を指定してください。")
    return number


def ensure_free(port: int) -> None:
    """Refuse a port that another program listens on.

    Granian shares its port among its workers, and would silently share it with a second server.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortError(_reason(port, error)) from error


def _reason(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return (
            f"ポート {port} は、ほかのプログラムが使っています。"
            f"別のポートを指定してください（例: PORT={other} make run）。"
        )
    if error.errno == errno.EACCES:
        return f"ポート {port} を使う権限がありません。1024以上の番号を指定してください。"
    return f"ポート {port} を開けません（{error.strerror}）。"


def main() -> int:
    try:
        ensure_free(wanted_port())
    except PortError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
