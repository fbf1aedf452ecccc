"""The conditions of the list of findings as fields, put together at once.

Field by field, as forms are rendered, its twenty would take longer than the list itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from audit.filters import FindingFilter

GROUPS = (
    ("いつ", ("as_of", "when", "due", "since", "until", "begun", "longer")),
    ("何が", ("severity", "provision", "rule", "depth", "relation", "excused", "owed")),
    ("どこで", ("agency", "kind", "group", "section", "work", "contractor", "reach")),
    ("是正", ("state",)),
)
OPEN = ("いつ", "何が")


class Group(NamedTuple):
    """Fields that stand together; folded where none of them is asked for."""

    title: str
    is_open: bool
    fields: SafeString


def panel(found: FindingFilter) -> list[Group]:
    """The fields of the list's conditions, with what was typed and what was wrong with it."""
    form = found.form
    groups = []
    for title, names in GROUPS:
        present = [name for name in names if name in form.fields]
        is_open = title in OPEN or any(form.data.get(n) or n in form.errors for n in present)
        fields = "".join(_field(form, name) for name in present)
        groups.append(Group(title, is_open, mark_safe(fields)))
    return groups


def _field(form, name: str) -> str:
    field = form.fields[name]
    typed = form.data.get(name) or ""
    errors = form.errors.get(name, ())
    parts = [f'<div class="field"><label for="id_{name}">{escape(str(field.label))}</label>']
    described = []
    if field.help_text:
        described.append(f"id_{name}_helptext")
        parts.append(f'<span class="hint" id="id_{name}_helptext">{escape(field.help_text)}</span>')
    if errors:
        described.append(f"id_{name}_error")
    says = f' aria-describedby="{" ".join(described)}"' if described else ""
    says += ' aria-invalid="true"' if errors else ""
    if name == "agency":
        parts.append(_agencies(field, typed, says))
    elif hasattr(field, "choices"):
        parts.append(_select(name, _choices(field), typed, says))
    else:
        parts.append(_input(field, name, typed, says))
    if errors:
        said = "".join(f"＊{escape(error)}" for error in errors)
        parts.append(f'<p class="field__error" id="id_{name}_error">{said}</p>')
    parts.append("</div>")
    return "".join(parts)


def _input(field, name: str, typed: str, says: str) -> str:
    more = "".join(f' {key}="{escape(str(value))}"' for key, value in field.widget.attrs.items())
    return f'<input type="text" name="{name}" id="id_{name}" value="{escape(typed)}"{more}{says}>'


def _choices(field) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), str(label)) for value, label in field.choices)


def _select(name: str, choices: Sequence[tuple[str, str]], typed: str, says: str) -> str:
    options = _options(choices).replace(
        f'value="{escape(typed)}"', f'value="{escape(typed)}" selected', 1
    )
    return f'<select name="{name}" id="id_{name}"{says}>{options}</select>'


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...]) -> str:
    return "".join(
        f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in choices
    )


def _agencies(field, typed: str, says: str) -> str:
    """Suggested as one types, by name or code: a select of 238 would be long to look through."""
    names = tuple(field.queryset.values_list("code", "name"))
    return (
        f'<input type="text" name="agency" id="id_agency" list="id_agencies" autocomplete="off" '
        f'value="{escape(typed)}"{says}><datalist id="id_agencies">{_options(names)}</datalist>'
    )
