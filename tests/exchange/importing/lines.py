"""Plans as a preview shows them: so many lines of each kind, about nothing in particular."""

from __future__ import annotations

from exchange.importing.plan import Difference, Line, Mistake, Outcome, Plan, SheetPlan
from exchange.sheets import BY_KEY

HEADINGS = ("取込み", "契約コード", "契約件名", "委託先")


def sheet_plan(
    *, added=0, changed=0, same=0, left_out=0, refused=0, key="contracts", name="契約"
) -> SheetPlan:
    """So many lines of each kind, from row 2 on."""
    lines = []
    for outcome, number in (
        (Outcome.ADDED, added),
        (Outcome.CHANGED, changed),
        (Outcome.SAME, same),
        (Outcome.LEFT_OUT, left_out),
        (Outcome.REFUSED, refused),
    ):
        for _ in range(number):
            line = Line(len(lines) + 2, outcome, f"契約{len(lines) + 2}")
            if outcome == Outcome.CHANGED:
                line.differences = [Difference("契約件名", "健康診断", "健康診断（春）")]
            lines.append(line)
    return SheetPlan(BY_KEY[key], name, lines)


def plan(*sheets: SheetPlan, mistakes: int = 0, **more) -> Plan:
    wrong = [
        Mistake("契約", row, 2, "契約件名", "=1+1", f"誤り{row}の説明。例：健康診断")
        for row in range(2, mistakes + 2)
    ]
    return Plan(list(sheets), wrong, **more)


def typed(plan: Plan):
    """What stands in the rows of such a plan."""
    return {
        sheet.name: (
            list(HEADINGS),
            {line.number: [None, None, line.named, "株式会社甲"] for line in sheet.lines},
        )
        for sheet in plan
    }
