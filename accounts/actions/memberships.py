"""The verbs of roles: propose, confirm, void (refuse or withdraw), end.

Who may: whoever the truth table allows it for that agency. An agency's 総括保護管理者 do so for
their own and never for roles that belong to none; the survey office for all; a system administrator
proposes for all and confirms for none. A 閲覧者, who is of another office, is granted by the
総括保護管理者 of the agency that is read: one of them has proposed or confirms it.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.access import access_of
from accounts.models import WITH_SECTION, WITHOUT_AGENCY, Membership, Role, User
from outsourcing.abilities import Ability
from outsourcing.actions.base import change, check, translated
from outsourcing.models import Agency, Section


@transaction.atomic
def propose(
    *,
    by: User,
    on: date,
    user: User,
    role: str,
    first_day: date,
    agency: Agency | None = None,
    section: Section | None = None,
    last_day: date | None = None,
) -> Membership:
    """Ask on a day for a role. It counts once somebody else has confirmed it."""
    row = Membership(
        user=user,
        role=role,
        agency=agency,
        section=section,
        first_day=first_day,
        last_day=last_day,
        proposed_by=by,
    )
    check(row)
    _hangs_together(row)
    _may(by, Ability.PROPOSE_MEMBERS, row, on)
    _has_an_account(row)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one proposer at a time
    _is_new(row)
    with translated(Membership, [row]):
        row.save(force_insert=True)
    return row


@transaction.atomic
def confirm(row: Membership, *, by: User, on: date, version: int) -> Membership:
    """A second person's word: neither the proposer's nor of whom it concerns."""
    _stands(row)
    if row.confirmed_on:
        raise ValidationError(f"「{row}」は「{row.confirmed_on}」に承認されています。")
    if by.pk == row.proposed_by_id:
        raise ValidationError(f"「{row}」は、申請した「{by}」のほかの人が承認します。")
    if by.pk == row.user_id:
        raise ValidationError(f"自分（「{by}」）の役割は承認できません。")
    _may(by, Ability.CONFIRM_MEMBERS, row, on)
    if row.role == Role.READER and not any(
        _is_chief(user, row.agency, on) for user in (by, row.proposed_by)
    ):
        raise ValidationError(
            f"閲覧者は、読まれる機関「{row.agency}」の総括保護管理者が申請するか承認します。"
        )
    _has_an_account(row)
    return change(row, by=by, version=version, confirmed_by=by, confirmed_on=on)


@transaction.atomic
def void(row: Membership, *, by: User, on: date, reason: str, version: int) -> Membership:
    """Refuse or withdraw what nobody has confirmed, or what has not begun. Nothing is deleted."""
    _stands(row)
    _may(by, Ability.PROPOSE_MEMBERS, row, on)
    if row.confirmed_on and row.first_day <= on:
        raise ValidationError(
            f"「{row}」は「{row.first_day}」から始まっています。終了日を定めてください。"
        )
    if not reason.strip():
        raise ValidationError({"void_reason": "取り下げる理由を入力してください。"})
    return change(row, by=by, version=version, voided_on=on, void_reason=reason.strip())


@transaction.atomic
def end(row: Membership, *, by: User, on: date, last_day: date, version: int) -> Membership:
    """Give it a last day, or an earlier one. What goes on longer is proposed anew."""
    _stands(row)
    _may(by, Ability.PROPOSE_MEMBERS, row, on)
    if not row.confirmed_on:
        raise ValidationError(f"「{row}」はまだ承認されていません。申請を取り下げてください。")
    if last_day < row.first_day:
        raise ValidationError(
            {"last_day": f"終了日「{last_day}」が開始日「{row.first_day}」より前です。"}
        )
    if row.last_day and last_day > row.last_day:
        raise ValidationError(
            {
                "last_day": f"終了日「{last_day}」が今の終了日「{row.last_day}」より後です。"
                "続けるには、新しく申請してください。"
            }
        )
    return change(row, by=by, version=version, last_day=last_day)


def _hangs_together(row: Membership) -> None:
    """Role, agency, section and days belong together."""
    role = row.get_role_display()
    if (row.role in WITHOUT_AGENCY) != (row.agency is None):
        said = "機関を選べません" if row.agency else "機関の指定が必要です"
        raise ValidationError({"agency": f"役割「{role}」には{said}。"})
    if row.last_day and row.last_day < row.first_day:
        raise ValidationError(
            {"last_day": f"終了日「{row.last_day}」が開始日「{row.first_day}」より前です。"}
        )
    section = row.section
    if section is None:
        return
    if row.role not in WITH_SECTION:
        raise ValidationError(
            {"section": f"役割「{role}」は機関の全体のもので、課室を選べません。"}
        )
    if section.agency_id != row.agency_id:
        raise ValidationError({"section": f"課室「{section.code}」は選べません。"})
    if section.last_day and row.first_day > section.last_day:
        raise ValidationError(
            {"section": f"課室「{section}」は「{section.last_day}」に廃止されています。"}
        )


def _may(by: User, ability: Ability, row: Membership, on: date) -> None:
    if not access_of(by, on=on).covers(ability, agency_id=row.agency_id, section_id=row.section_id):
        where = f"機関「{row.agency}」の" if row.agency else ""
        raise ValidationError(
            f"「{by}」は、{where}役割「{row.get_role_display()}」について{ability.label}ができません。"
        )


def _has_an_account(row: Membership) -> None:
    """An account that ends before the role begins is of no use to it."""
    if not row.user.is_active or row.user.has_ended(row.first_day):
        raise ValidationError(
            {
                "first_day": f"「{row.user}」のアカウントは「{row.user.last_day or '既に'}」に"
                f"終わっていて、開始日「{row.first_day}」には使えません。"
            }
        )


def _is_new(row: Membership) -> None:
    """The same role for the same part of an agency is held once on a day."""
    same = row.user.memberships.valid().filter(
        role=row.role, agency=row.agency, section=row.section
    )
    if row.last_day:
        same = same.filter(first_day__lte=row.last_day)
    found = same.filter(Q(last_day__isnull=True) | Q(last_day__gte=row.first_day)).first()
    if found:
        state = "承認済み" if found.confirmed_on else "承認待ち"
        raise ValidationError(
            f"「{row.user}」には、期間の重なる同じ役割「{found.duty}」があります"
            f"（「{found.first_day}」から。{state}）。"
        )


def _stands(row: Membership) -> None:
    if row.voided_on:
        raise ValidationError(f"「{row}」は「{row.voided_on}」に取り下げられています。")


def _is_chief(user: User, agency: Agency, on: date) -> bool:
    held = user.memberships.in_force(on)
    return held.filter(role=Role.CHIEF, agency=agency).exists()
