"""The forms of signing in. Every password that is asked for goes through the throttle."""

from __future__ import annotations

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.views.decorators.debug import sensitive_variables

from accounts.actions import passwords
from accounts.sign_in import second_factor
from accounts.sign_in.words import from_minute

CODE_HELP = "認証アプリに今出ている6桁の数字。アプリが手元にないときは、回復コードの一つ。"


def _password(label: str, autocomplete: str, **widget) -> dict:
    attributes = {"autocomplete": autocomplete, **widget}
    return {"label": label, "strip": False, "widget": forms.PasswordInput(attrs=attributes)}


def _what_passes() -> str:
    return "".join(password_validation.password_validators_help_texts())


@sensitive_variables("password")
def check_password(request, password: str) -> None:
    """That the password is that of who is signed in. Raises ValidationError."""
    user = authenticate(request, username=request.user.get_username(), password=password)
    if user is not None:
        return
    if until := getattr(request, "refused_until", None):
        raise ValidationError(
            "続けて誤ったため、今は確かめられません。"
            f"{from_minute(until)}以降にもう一度お試しください。"
        )
    raise ValidationError("パスワードが違います。もう一度入力してください。")


def check_code(user, code: str) -> None:
    """That the code is right, which uses it up. Raises ValidationError."""
    if until := second_factor.paused_until(user, code):
        seconds = int((until - timezone.now()).total_seconds()) + 1
        raise ValidationError(
            f"続けて誤ったため、今は確かめられません。{seconds}秒後にもう一度お試しください。"
        )
    if not second_factor.verify(user, code):
        raise ValidationError(
            f"コード「{code}」が違うか、既に使われています。認証アプリに次の数字が出てから入力してください。"
        )


class PasswordChangeForm(DjangoPasswordChangeForm):
    """The old password, and the new one twice."""

    old_password = forms.CharField(
        **_password("今のパスワード", "current-password", autofocus=True)
    )
    new_password1 = forms.CharField(
        **_password("新しいパスワード", "new-password"),
        help_text=lazy(_what_passes, str)(),
    )
    new_password2 = forms.CharField(**_password("新しいパスワード（確認）", "new-password"))

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(request.user, *args, **kwargs)

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        check_password(self.request, password)
        return password

    def clean(self):
        cleaned = super().clean()
        old, new = cleaned.get("old_password"), cleaned.get("new_password1")
        if new and old == new:
            self.add_error("new_password1", "今と同じパスワードにはできません。")
        return cleaned

    def save(self, commit=True):
        self.user = passwords.change(
            by=self.request.user, password=self.cleaned_data["new_password1"]
        )
        return self.user


class CodeForm(forms.Form):
    code = forms.CharField(
        label="確認コード",
        help_text=CODE_HELP,
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, user, *args, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_code(self):
        code = self.cleaned_data["code"]
        check_code(self.user, code)
        return code


class NewAppForm(forms.Form):
    """Whether the code is the new app's, the action says."""

    code = forms.CharField(
        label="確認コード",
        help_text="登録すると認証アプリに出る6桁の数字",
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class ConfirmForm(forms.Form):
    """That it is really the user who asks: the password, and a code where there is an app."""

    password = forms.CharField(**_password("パスワード", "current-password", autofocus=True))
    code = forms.CharField(
        label="確認コード",
        help_text=CODE_HELP,
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)
        if second_factor.app_of(request.user) is None:
            del self.fields["code"]

    def clean_password(self):
        check_password(self.request, self.cleaned_data["password"])

    def clean_code(self):
        # Only beside the right password: otherwise the code would be used up for nothing.
        if not self.errors:
            check_code(self.request.user, self.cleaned_data["code"])
