"""What a finding is about, in words."""

from __future__ import annotations

from guideline.rules.written_confirmation import matter_in_words


def subject_in_words(subject: str) -> str:
    """再委託3 for "link:3", 第8-4(3) for "item:8-4(3)", 管理体制 for "item:management"."""
    kind, _, name = subject.partition(":")
    if kind == "link":
        return f"再委託{name}"
    if kind == "item":
        return f"第{name}" if name[:1].isdigit() else matter_in_words(name)
    return "提供" if kind == "disclosure" else "契約"
