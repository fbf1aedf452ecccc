"""What can be done with the ledger, by name. Who may do it is ``accounts``' table.

Every page names the one ability it asks for; a page that names none is shown to nobody.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import models


class Ability(models.TextChoices):
    """One thing that can be done. Nothing else is ever asked of a role."""

    USE = "use", "自分のアカウントの管理"
    READ_LEDGER = "read_ledger", "台帳・所見・調査結果の閲覧"
    WRITE_LEDGER = "write_ledger", "契約・再委託・検査などの記録"
    APPROVE = "approve", "理由書の承認"
    CONFIRM = "confirm", "調査における契約の確認"
    RESPOND = "respond", "調査への回答の提出"
    EXPORT = "export", "表の出力"
    IMPORT = "import", "ファイルの取込み"
    RELEASE_IMPORT = "release_import", "取り込んだ内容の反映"
    ADD_CONTRACTORS = "add_contractors", "委託先の登録と訂正"
    WRITE_HOLDINGS = "write_holdings", "出資関係・解散の記録"
    RUN_SURVEYS = "run_surveys", "調査の実施、機関の登録"
    READ_SUPERVISED = "read_supervised", "所管する法人の件数の閲覧"
    HAND_OVER = "hand_over", "担当引継ぎ、移管、課室の統合"
    READ_HISTORY = "read_history", "契約の履歴の閲覧"
    READ_TRAIL = "read_trail", "利用の記録の閲覧"
    EXPORT_SEAL = "export_seal", "記録の封印の書出し"
    SET_LIMITS = "set_limits", "持出し件数の限度の設定"
    READ_NOTICES = "read_notices", "持出しの知らせの確認"
    PROPOSE_MEMBERS = "propose_members", "役割の割当ての申請と終了"
    CONFIRM_MEMBERS = "confirm_members", "役割の割当ての承認"
    ADVISE = "advise", "注意喚起の発出と取消し"
    MANAGE_ACCOUNTS = "manage_accounts", "アカウントの登録と停止"


def needs(ability: Ability) -> Callable[[Callable], Callable]:
    """Marks a view with what it asks of who opens it."""

    def mark(view: Callable) -> Callable:
        view.ability = ability
        return view

    return mark
