"""Whether what was made is what the ministry published: every cell, and what the sentences say."""

from __future__ import annotations

from outsourcing.models import Agency, Incident
from outsourcing.scope import Scope
from surveys import rounds
from surveys.reconciliation import reconcile
from surveys.reproduction.allotment import FAULTS
from surveys.rounds import Round
from surveys.sentences import KindSentences, sentences

MOST_NAMED = 5


def differences(round_: Round, said: dict[str, int]) -> list[str]:
    """What differs, in Japanese; empty if all is as published."""
    result = reconcile(round_, Scope.everything())
    found = list(result.structure)
    found += [
        f"{cell.title}「{cell.label}」の{cell.heading}：公表値{cell.published}、"
        f"組み立てた値{cell.rebuilt}"
        for cell in result.differing
    ]
    computed = _computed(round_)
    found += [
        f"公表文の数値 {key}：公表値{said[key]}、組み立てた値{value}"
        for key, value in computed.items()
        if key in said and said[key] != value
    ]
    if leaks := Incident.objects.filter(synthetic=True).count():
        found.append(f"漏えい等の事案：公表値0、組み立てた値{leaks}")
    return found


def _computed(round_: Round) -> dict[str, int]:
    all_ = sentences(round_, Scope.everything())
    values = {
        "contracts": all_.contracts,
        "breaches": all_.breaches,
        "breaches_staff_health_check": all_.staff_health_checks,
        "leaks": all_.leaks,
        "breaches_with_measures": all_.with_measures,
    }
    for kind in (all_.personal, all_.statistics):
        values |= {f"{kind.information}_{key}": n for key, n in _of_kind(kind).items()}
    codes = dict(Agency.objects.values_list("pk", "code"))
    for (information, agency), number in rounds.faults(round_.surveys, Scope.everything()).items():
        if information == all_.personal.information:
            values[FAULTS + codes[agency]] = number
    return values


def _of_kind(kind: KindSentences) -> dict[str, int]:
    return {
        "contracts": kind.contracts,
        "breaches": kind.breaches,
        "breaches_staff_health_check": kind.staff_health_checks,
        "breaches_medical_examination": kind.medical_examinations,
        "breaches_to_wholly_owned": kind.to_wholly_owned,
        "breaches_to_wholly_owned_medical": kind.to_wholly_owned_medical,
        "management_faults": kind.faults,
        "management_faults_terminated": kind.faults_terminated,
        "leaks": kind.leaks,
    }
