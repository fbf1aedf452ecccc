"""The synthetic contracts of fiscal 2017, such that the published tables come out of them.

The ministry published counts, not contracts. From a seed, contracts are drawn agency by agency and
written through the same actions as real ones; the rules then find the breaches, and each agency
confirms what its own ledger shows. No stored label decides a class. What comes out is compared with
what was published, and if it differs nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from random import Random

from django.contrib.auth import get_user_model
from django.db import transaction

from outsourcing.bulk import without_collector
from outsourcing.models import Agency
from outsourcing.planner import learn_statistics
from surveys.reproduction import corrections, register
from surveys.reproduction.allotment import allot, published_targets, said
from surveys.reproduction.drafts import Workshop
from surveys.reproduction.verification import MOST_NAMED, differences
from surveys.reproduction.writing import write
from surveys.rounds import Round

CHUNK = 1000
SEED = 2017


class ReproductionError(Exception):
    """The data set was not made; the message says why, in Japanese."""


def number_published(round_: Round) -> int:
    """How many contracts the tables of a round add up to."""
    return sum(target.total for target in published_targets(round_))


@transaction.atomic
def reproduce(
    round_: Round, *, seed: int = SEED, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Make the contracts of a round, all or none; how many. ``progress`` is told contracts done.

    Raises ReproductionError where what comes out is not what was published.
    """
    numbers = said(round_.year)
    if not numbers:
        raise ReproductionError(f"{round_.year}年度は公表文の数値がないため、再現できません。")
    random = Random(seed)
    shop = Workshop(random)
    slots = allot(published_targets(round_), numbers, random)
    by = _recorder("reproduction", "合成データの作成")
    done = 0
    with without_collector():
        while drafts := [make(shop, target) for target, make in islice(slots, CHUNK)]:
            write(drafts, shop, round_, by=by)
            done += len(drafts)
            progress(done)
        learn_statistics()  # what comes now looks up single contracts, and adds little
        register.write(
            Agency.objects.valid().order_by("code"),
            shop,
            by=by,
            approver=_recorder("reproduction-approver", "合成データの承認"),
        )
        corrections.write(seed=seed, by=by)
    if found := differences(round_, numbers):
        named = "\n".join(found[:MOST_NAMED])
        raise ReproductionError(
            f"組み立てた結果が公表値と{len(found)}か所で異なるため、合成データは作りませんでした。"
            f"\n{named}"
        )
    return done


def _recorder(username: str, full_name: str):
    """A user in whose name synthetic rows stand; nobody can log in as it."""
    user, created = get_user_model().objects.get_or_create(
        username=username, defaults={"full_name": full_name, "is_active": False}
    )
    if created:
        user.set_unusable_password()
        user.save()
    return user
