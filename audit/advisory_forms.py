"""What is typed to send a 注意喚起, and which findings it is about."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import QueryDict

from audit.filters import FindingFilter
from guideline.models import Finding
from outsourcing import corporate_numbers
from outsourcing.conflicts import VersionedForm
from outsourcing.filters import Condition, chosen
from outsourcing.forms import CodesField, DayField, Refers
from outsourcing.models import Agency
from outsourcing.once import OnceForm

# Whose findings are meant follows from who reads: kept, it would tell one agency of another.
WHOSE = ("agency", "kind", "group", "section")
NAMED = 10  # of what is unknown, that an error names
EXAMPLE = "例：/findings/?rule=yearly-inspection&severity=violation"


class About(NamedTuple):
    """The list of findings that a warning is about, as the address of that list says it."""

    conditions: str
    filter: FindingFilter

    @property
    def words(self) -> list[Condition]:
        return chosen(self.filter)

    def by_agency(self) -> dict[int, int]:
        """How many of them each agency has."""
        rows = self.filter.qs.order_by().values("agency").annotate(number=Count("*"))
        return dict(rows.values_list("agency", "number"))


def read_about(address: str, request, *, on: date) -> About:
    """From the address of a list, or what stands behind its question mark. The day belongs to it:
    without one that of the page. Raises ValidationError where it is no such list's."""
    text = unicodedata.normalize("NFKC", address).strip() if "＆" in address else address.strip()
    typed = QueryDict(text.partition("?")[2] if "?" in text else text)
    asked = QueryDict(mutable=True)
    for name in FindingFilter.base_filters:
        if typed.get(name):
            asked[name] = typed[name]
    if not asked:
        raise ValidationError(
            f"「{address[:100]}」は所見の一覧のアドレスとして読めません（{EXAMPLE}）。"
        )
    asked.setdefault("as_of", on.isoformat())
    about = about_of(asked.urlencode(), request, on=on)
    if not about.filter.is_valid():
        said = " ".join(text for texts in about.filter.errors.values() for text in texts)
        raise ValidationError(f"所見の一覧の条件が読めません。{said}")
    return about


def about_of(conditions: str, request, *, on: date) -> About:
    """As the reader of ``request`` may see them."""
    findings = Finding.objects.visible_to(request.scope)
    asked = QueryDict(conditions)
    filter_ = FindingFilter(asked, queryset=findings, request=request, on=on)
    if filter_.is_valid():
        filter_.on = filter_.form.cleaned_data.get("as_of") or on
    return About(conditions, filter_)


class NamesField(Refers, forms.CharField):
    """Agencies by name or code, one a line, as they are pasted from a sheet."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, queryset=None, **kwargs):
        self.queryset = queryset
        super().__init__(required=False, max_length=20_000, **kwargs)

    def clean(self, value) -> list[Agency]:
        typed = [_folded(line) for line in super().clean(value).splitlines()]
        typed = list(dict.fromkeys(text for text in typed if text))
        if not typed:
            return []
        known = {}
        for agency in self.queryset.order_by("-code"):
            known |= {_folded(agency.name): agency, agency.code: agency}
        if unknown := [text for text in typed if text not in known]:
            named = "」「".join(unknown[:NAMED])
            more = f"など{len(unknown)}件" if len(unknown) > NAMED else ""
            raise ValidationError(
                f"機関「{named}」{more}は選べません。一行に一つ、機関名か機関コードを"
                "入力してください（例：総務省、A05）。"
            )
        return [known[text] for text in typed]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


class AdvisoryForm(OnceForm):
    """``agencies``: whom the user may send to."""

    title = forms.CharField(
        label="件名", max_length=200, help_text="例：取扱状況の検査を年一回以上行うことについて"
    )
    body = forms.CharField(
        label="本文", max_length=10_000, widget=forms.Textarea, help_text="10,000字まで"
    )
    sent_on = DayField(label="発出日", help_text="例：2018-10-22、平成30年10月22日")
    about = forms.CharField(
        label="関係する所見の一覧のアドレス",
        required=False,
        max_length=2000,
        help_text=f"所見の一覧を絞り込んで、そのアドレスを貼り付けます。{EXAMPLE}。"
        "読む人には、その機関の所見だけの一覧が示されます。",
    )
    targets = CodesField(label="宛先の機関", required=False)
    names = NamesField(
        label="宛先の機関名（貼付け）",
        help_text="一行に一つ、機関名か機関コード。下の表で選んだ機関に加わります。",
    )

    def __init__(self, data=None, *, agencies, request, today: date, **kwargs):
        super().__init__(data, **kwargs)
        self.request, self.today = request, today
        self.fields["targets"].queryset = self.fields["names"].queryset = agencies

    def clean_sent_on(self):
        day = self.cleaned_data["sent_on"]
        if day > self.today:
            raise ValidationError(
                f"発出日「{day}」はまだ来ていません。発出した日として、{self.today}までの日を"
                f"入力してください（例：{self.today}）。"
            )
        return day

    def clean_about(self) -> About | None:
        text = self.cleaned_data["about"].strip()
        if not text:
            return None
        about = read_about(text, self.request, on=self.request.as_of())
        company = about.filter.form.cleaned_data.get("contractor")
        if company and company.agency_id is not None and not company.corporate_number:
            raise ValidationError(
                f"事業者「{company.name}」は一つの機関だけが知る事業者なので、条件にできません。"
                f"法人番号のある事業者を指定してください（例：{corporate_numbers.EXAMPLE}）。"
            )
        return about

    def clean(self):
        values = super().clean()
        if not {"targets", "names"} & self.errors.keys() and not self.addressees:
            self.add_error(
                "targets", "宛先の機関を一つ以上選んでください（例：行政機関をすべて選ぶ）。"
            )
        return values

    @property
    def addressees(self) -> list[Agency]:
        """In printed order."""
        found = {*(self.cleaned_data.get("targets") or ()), *self.cleaned_data.get("names", ())}
        return sorted(found, key=lambda agency: agency.code)

    @property
    def texts(self) -> dict:
        """The advisory's own fields."""
        values = {name: self.cleaned_data[name] for name in ("title", "body", "sent_on")}
        return values | {"conditions": self.conditions}

    @property
    def conditions(self) -> str:
        """What is kept of the list that it is about."""
        about = self.cleaned_data.get("about")
        if about is None:
            return ""
        kept = QueryDict(about.conditions, mutable=True)
        for name in WHOSE:
            kept.pop(name, None)
        return kept.urlencode()


class TakeBackForm(VersionedForm):
    void_reason = forms.CharField(
        label="取り消す理由", max_length=500, help_text="例：宛先に誤りがあったため"
    )
