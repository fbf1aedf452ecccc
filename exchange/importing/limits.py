"""What a process may take that checks a file or carries it out. The child that reads the file has
limits of its own (``exchange.reading.limits``), which are lower: it alone sees what is hostile."""

from __future__ import annotations

MEMORY_BYTES = 2 * 1024 * 1024 * 1024  # of addresses: the whole ledger of a file, and Django
SECONDS = 600  # of the processor


def bind() -> None:
    """Put this process under them. What asks for more gets MemoryError, or is stopped."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
