"""Forms of what accounts decide."""

from __future__ import annotations

from django import forms

from accounts.models import DownloadLimit


class TakingForm(forms.Form):
    """Goes on with a download of much; with a reason, where one is asked for."""

    reason = forms.CharField(
        label="持ち出す理由",
        max_length=500,
        help_text="例：〇〇年度調査の集計のため、総括保護管理者の指示による",
        error_messages={"required": "理由を入力してください。"},
    )

    def __init__(self, *args, asks: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = asks
        if not asks:
            self.fields["reason"].widget = forms.HiddenInput()


class LimitForm(forms.ModelForm):
    class Meta:
        model = DownloadLimit
        fields = ("warn_above", "ask_above")
        help_texts = {
            "warn_above": "一日に持ち出した件数がこれを超えると、ファイルを渡す前に警告します。",
            "ask_above": "これを超えると理由を求め、総括保護管理者と保護管理者に知らせます。",
        }

    def clean(self):
        values = super().clean()
        warn, ask = values.get("warn_above"), values.get("ask_above")
        if warn is not None and ask is not None and ask < warn:
            self.add_error(
                "ask_above",
                f"理由を求める件数「{ask:,}」が、警告する件数「{warn:,}」より小さくなっています。",
            )
        return values
