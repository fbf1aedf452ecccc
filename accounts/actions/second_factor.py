"""Setting up, renewing and removing the second factor of signing in."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.sign_in.second_factor import app_of, digest, new_app_of, plain

RECOVERY_CODES = 10


@transaction.atomic
def begin(*, by: User) -> TOTPDevice:
    """Make the key of a new app. It counts once a code has shown that the app has it."""
    TOTPDevice.objects.filter(user=by, confirmed=False).delete()
    return TOTPDevice.objects.create(user=by, name="認証アプリ", confirmed=False)


@transaction.atomic
def confirm(*, by: User, code: str) -> list[str]:
    """Put the new app in the place of an older one. Returns new recovery codes: the old are void.

    Raises ValidationError, and takes nothing away, when the code is not the new app's.
    """
    device = new_app_of(by)
    if device is None or not verify_token(by, device.persistent_id, plain(code)):
        raise ValidationError(
            {"code": f"確認コード「{code}」が違います。認証アプリの6桁を入力してください。"}
        )
    TOTPDevice.objects.filter(user=by).exclude(pk=device.pk).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return renew_recovery_codes(by=by)


@transaction.atomic
def renew_recovery_codes(*, by: User) -> list[str]:
    """Ten new codes, each good once, in place of the old. They cannot be shown again."""
    if app_of(by) is None:
        raise ValidationError(f"「{by}」は二段階認証を設定していません。")
    StaticDevice.objects.filter(user=by).delete()
    device = StaticDevice.objects.create(user=by, name="回復コード")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=digest(code)) for code in codes
    )
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def remove(*, by: User) -> None:
    """Sign in with the password alone from now on."""
    reset_second_factor(by, by=by)


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """Take away app and recovery codes of somebody who has lost them."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
