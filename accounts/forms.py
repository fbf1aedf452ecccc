"""Forms of what accounts decide."""

from __future__ import annotations

from django import forms

from outsourcing.conflicts import VersionedForm

MOST = 1_000_000_000  # what both databases take


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


class LimitForm(VersionedForm):
    warn_above = forms.IntegerField(
        label="警告する件数（一日）",
        min_value=0,
        max_value=MOST,
        help_text="一日に持ち出した件数がこれを超えると、ファイルを渡す前に警告します。",
    )
    ask_above = forms.IntegerField(
        label="理由を求める件数（一日）",
        min_value=0,
        max_value=MOST,
        help_text="これを超えると理由を求め、総括保護管理者と保護管理者に知らせます。",
    )
