"""第8-6: 「委託先を通じて又は委託元自らが5の措置を実施する」

As the yearly inspection of 8-5, over the own term of each link that handles personal information;
an inspection made through the contractor counts.
"""

from __future__ import annotations

from guideline.rules.base import BY_WINDOW, LINK, VIOLATION, Rule
from guideline.rules.yearly_inspection import LINK_CODE, PARAMETERS, fails, remedy

RULE = Rule(
    code=LINK_CODE,
    title="再委託先について年1回以上の検査がない",
    severity=VIOLATION,
    judged=BY_WINDOW,
    window=fails,
    in_windows_of=(LINK,),
    of_empty_windows=True,
    short_is_attention=True,
    remedy=remedy,
    evidence=("link", "inspections"),
    reads=PARAMETERS,
)
