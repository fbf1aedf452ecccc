"""How many examples a property is held against."""

from hypothesis import settings


def fewer(divisor: int) -> settings:
    """A part of what the profile asks, for properties whose examples are dear, in `prove` too."""
    return settings(max_examples=max(settings.default.max_examples // divisor, 1))
