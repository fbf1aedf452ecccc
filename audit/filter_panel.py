"""The conditions of the list of findings as fields, put together at once.

Field by field, as forms are rendered, its twenty would take longer than the list itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django_filters import ModelChoiceFilter

from audit.filters import FindingFilter, groups, has_sections
from outsourcing.filters import NO_SECTION, own_sections, visible_agencies
from outsourcing.prepared import Composed

TITLES = (
    ("いつ", ("as_of", "when", "due", "since", "until", "begun", "longer")),
    ("何が", ("severity", "provision", "rule", "depth", "relation", "excused", "owed")),
    ("どこで", ("agency", "kind", "group", "section", "work", "contractor", "reach")),
    ("是正", ("state",)),
)
OPEN = ("いつ", "何が")
NAMES = [name for _, names in TITLES for name in names]
AGENCIES = Composed(planned_once=True)

Choices = tuple[tuple[str, str], ...]


def panel(found: FindingFilter) -> SafeString:
    """The fields of the list's conditions, with what was typed and what was wrong with it;
    in groups, folded where nothing of them is asked for."""
    typed = tuple((name, found.data[name]) for name in NAMES if found.data.get(name))
    errors = tuple((name, tuple(said)) for name, said in found.form.errors.items())
    sections = _sections(found.request) if has_sections(found.request) else None
    return _panel(typed, errors, sections, (("", "すべて"), *groups()))


@lru_cache(maxsize=256)  # the same is asked again and again
def _panel(typed: Choices, errors: tuple, sections: Choices | None, groups: Choices) -> SafeString:
    """``sections``: None where there are none to choose from."""
    typed, errors, made = dict(typed), dict(errors), []
    of = {"section": sections, "group": groups}
    for title, names in TITLES:
        shown = [n for n in names if n != "section" or sections is not None]
        is_open = title in OPEN or any(name in typed for name in shown)
        fields = (
            _field(name, typed.get(name, ""), errors.get(name, ()), of.get(name) or _choices(name))
            for name in shown
        )
        made.append(
            f'<details class="filters__group"{" open" if is_open else ""}>'
            f"<summary>{title}</summary>{''.join(fields)}</details>"
        )
    return mark_safe("".join(made))


def _field(name: str, typed: str, errors: Iterable[str], choices: Choices | None) -> str:
    head, described = _head(name)
    tail = ""
    if errors:
        described = f"{described} id_{name}_error".strip()
        said = "".join(f"＊{escape(error)}" for error in errors)
        tail = f'<p class="field__error" id="id_{name}_error">{said}</p>'
    says = f' aria-describedby="{described}"' if described else ""
    says += ' aria-invalid="true"' if errors else ""
    return f"{head}{_control(name, choices, escape(typed), says)}{tail}</div>"


@cache
def _head(name: str) -> tuple[str, str]:
    """What stands above a control, and the name of what describes it."""
    filter_ = FindingFilter.base_filters[name]
    head = f'<div class="field"><label for="id_{name}">{escape(filter_.label)}</label>'
    # What is chosen of rows makes its field only for who asks.
    helps = "" if isinstance(filter_, ModelChoiceFilter) else filter_.field.help_text
    if not helps:
        return head, ""
    described = f"id_{name}_helptext"
    return f'{head}<span class="hint" id="{described}">{escape(helps)}</span>', described


def _control(name: str, choices: Choices | None, typed: str, says: str) -> str:
    if name == "agency":
        # Suggested as one types, by name or code: a select of 238 would be long to look through.
        return _input(name, typed, f'{says} list="agencies" autocomplete="off"')
    if choices is not None:
        return _select(name, choices, typed, says)
    return _input(name, typed, _attributes(name) + says)


@cache
def _choices(name: str) -> Choices | None:
    """The choices of a condition that has the same for everybody."""
    if isinstance(FindingFilter.base_filters[name], ModelChoiceFilter):
        return None
    field = FindingFilter.base_filters[name].field
    if not hasattr(field, "choices"):
        return None
    return tuple((str(value), str(label)) for value, label in field.choices)


@cache
def _attributes(name: str) -> str:
    attributes = FindingFilter.base_filters[name].field.widget.attrs
    return "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())


def _input(name: str, typed: str, says: str) -> str:
    return f'<input type="text" name="{name}" id="id_{name}" value="{typed}"{says}>'


def _select(name: str, choices: Choices, typed: str, says: str) -> str:
    options = _options(tuple(choices))
    options = options.replace(f'value="{typed}"', f'value="{typed}" selected', 1)
    return f'<select name="{name}" id="id_{name}"{says}>{options}</select>'


@lru_cache(maxsize=256)
def _options(choices: Choices) -> str:
    return "".join(
        f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in choices
    )


def agency_options(request) -> SafeString:
    """What the field of agencies suggests: comes with the facets, for which the list is not to
    wait."""
    rows = AGENCIES.rows(
        request.scope, lambda: visible_agencies(request).values_list("code", "name")
    )
    return mark_safe(_options(tuple(rows)))


def _sections(request) -> Choices:
    rows = [
        (f"{section.agency.code}/{section.code}", f"{section.code}　{section}")
        for section in own_sections(request)
    ]
    return (("", "すべて"), (NO_SECTION, "課室の定めのないもの"), *rows)
