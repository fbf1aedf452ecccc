"""What each role may do: the whole of it, in one table.

第2 of the guideline gives the offices their tasks: the 総括保護管理者 oversees, the 保護管理者 of a
section answers for what it holds, the 保護担当者 does the daily work, the 監査責任者 audits, and so
writes nothing. The other roles are duties this ledger has beside them. All of it is for the agency;
a membership that names a section writes for that section alone, and reads like the others.
"""

from __future__ import annotations

from accounts.models import Role
from outsourcing.abilities import Ability

ROLES = (
    Role.CHIEF,
    Role.MANAGER,
    Role.OFFICER,
    Role.AUDITOR,
    Role.IMPORTER,
    Role.READER,
    Role.SURVEY_OFFICE,
    Role.SYSTEM_ADMIN,
)

# fmt: off
#                           総括  管理  担当  監査  取込  閲覧  調査  システム
TABLE = {
    Ability.USE:             "yes   yes   yes   yes   yes   yes   yes   yes",
    Ability.READ_LEDGER:     "yes   yes   yes   yes   yes   yes   yes   no ",
    Ability.WRITE_LEDGER:    "no    yes   yes   no    no    no    no    no ",
    Ability.APPROVE:         "yes   yes   no    no    no    no    no    no ",
    Ability.CONFIRM:         "no    yes   yes   no    no    no    no    no ",
    Ability.RESPOND:         "yes   no    no    no    no    no    no    no ",
    Ability.EXPORT:          "yes   yes   yes   yes   yes   no    yes   no ",
    Ability.IMPORT:          "no    yes   yes   no    yes   no    no    no ",
    Ability.RELEASE_IMPORT:  "no    yes   yes   no    no    no    no    no ",
    Ability.ADD_CONTRACTORS: "no    yes   yes   no    no    no    yes   no ",
    Ability.WRITE_HOLDINGS:  "no    no    no    no    no    no    yes   no ",
    Ability.RUN_SURVEYS:     "no    no    no    no    no    no    yes   no ",
    Ability.READ_SUPERVISED: "yes   no    no    yes   no    no    no    no ",
    Ability.HAND_OVER:       "yes   yes   no    no    no    no    no    no ",
    Ability.READ_HISTORY:    "yes   yes   yes   yes   no    no    yes   no ",
    Ability.READ_TRAIL:      "yes   no    no    yes   no    no    yes   no ",
    Ability.EXPORT_SEAL:     "no    no    no    no    no    no    yes   no ",
    Ability.SET_LIMITS:      "yes   no    no    no    no    no    no    no ",
    Ability.READ_NOTICES:    "yes   yes   no    no    no    no    yes   no ",
    Ability.PROPOSE_MEMBERS: "yes   no    no    no    no    no    yes   yes",
    Ability.CONFIRM_MEMBERS: "yes   no    no    no    no    no    yes   no ",
    Ability.ADVISE:          "yes   no    no    no    no    no    yes   no ",
    Ability.MANAGE_ACCOUNTS: "no    no    no    no    no    no    no    yes",
}
# fmt: on

# Ability -> roles that have it.
MAY = {
    ability: frozenset(role for role, says in zip(ROLES, row.split(), strict=True) if says == "yes")
    for ability, row in TABLE.items()
}
