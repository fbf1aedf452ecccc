"""委託契約, and what changes it: amendments, termination, transfer to another section."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from outsourcing.models.agencies import Section
from outsourcing.models.base import LedgerRow, choice_problem, one_of, order_problem
from outsourcing.models.contractors import Contractor
from outsourcing.querysets import ContractQuerySet

CODE = re.compile(r"^(?P<agency>[A-Z][0-9]{2,5})-(?P<year>[0-9]{4})-(?P<serial>[0-9]{5,7})$")


class Clause(models.TextChoices):
    """What the contract says of subcontracting. NOT_STATED is the absence of item (2) of 8-4."""

    FORBIDDEN = "forbidden", "禁止"
    PRIOR_APPROVAL = "prior_approval", "事前承認"
    PRIOR_NOTICE = "prior_notice", "事前届出"
    UNRESTRICTED = "unrestricted", "制限なし"
    NOT_STATED = "not_stated", "記載なし"


class LinkWork(models.TextChoices):
    """What a link passes on; a clause may free some kinds (軽微な業務) from approval."""

    CORE = "core", "委託業務の主要部分"
    TESTING = "testing", "検体検査・判定"
    DATA_ENTRY = "data_entry", "データ入力"
    SYSTEMS = "systems", "情報システムの開発・運用"
    CALL_CENTER = "call_center", "電話受付"
    PRINTING = "printing", "印刷・製本"
    MAILING = "mailing", "封入・発送"
    TRANSPORT = "transport", "運搬・保管"
    TRANSLATION = "translation", "翻訳・速記"
    OTHER = "other", "その他"


class Contract(LedgerRow):
    """One contract on work that handles personal information or survey questionnaires.

    ``last_day`` is the last day as amended or cut by termination, kept by the actions;
    ``agreed_last_day`` is the one first agreed. ``items`` maps a provision ("8-4(1)") to where the
    contract says it: {"article": "第5条", "quote": "…"}; item 8-4(2) is ``clause`` itself, stored
    once. ``exempt_work`` maps a ``LinkWork`` the clause frees from approval to the article that
    says so.
    """

    class Information(models.TextChoices):
        PERSONAL = "personal", "保有個人情報"
        STATISTICS = "statistics", "調査票情報等"

    class Work(models.TextChoices):
        STAFF_HEALTH_CHECK = "staff_health_check", "職員の健康診断"
        MEDICAL_EXAMINATION = "medical_examination", "その他の医学的な検査"
        DATA_ENTRY = "data_entry", "データ入力・データ処理"
        SYSTEMS = "systems", "情報システムの開発・運用・保守"
        MAILING = "mailing", "印刷・封入・発送"
        CALL_CENTER = "call_center", "電話相談・受付"
        SURVEY = "survey", "調査・アンケート・集計"
        TRAINING = "training", "研修・試験・募集の運営"
        STORAGE = "storage", "文書の保管・廃棄"
        COLLECTION = "collection", "収納・債権管理"
        OTHER = "other", "その他"

    class Sensitivity(models.TextChoices):
        ORDINARY = "ordinary", "通常"
        ELEVATED = "elevated", "高い"
        HIGH = "high", "特に高い"

    # Identity
    fiscal_year = models.PositiveSmallIntegerField("年度", editable=False)
    serial = models.PositiveIntegerField("通番", editable=False)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, verbose_name="課室"
    )
    # Who does the daily work on it (第2-3), among those who may write in its agency.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="保護担当者",
        related_name="+",
        db_index=False,
    )
    number = models.CharField("契約番号", max_length=60, blank=True)
    title = models.CharField("契約件名", max_length=300)
    # Title and number folded (``outsourcing.folding``), kept by the actions.
    search_text = models.TextField("検索用件名", blank=True, editable=False)
    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, verbose_name="委託先", related_name="contracts"
    )
    # 年度更新: the contract of the year before that this one goes on from.
    renews = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="更新元の契約",
        related_name="renewals",
        db_index=False,
    )
    # Term
    concluded_on = models.DateField("契約締結日")
    first_day = models.DateField("契約期間の初日")
    agreed_last_day = models.DateField("契約期間の末日（当初）")
    last_day = models.DateField("契約期間の末日", editable=False)
    terminated_on = models.DateField("解除日", null=True, blank=True)
    termination_reason = models.CharField("解除の理由", max_length=500, blank=True)
    # Work and information
    work = models.CharField("業務の種類", max_length=24, choices=Work)
    work_detail = models.CharField("業務の内容", max_length=1000, blank=True)
    information = models.CharField("情報の種類", max_length=16, choices=Information)
    information_detail = models.CharField("情報の内容", max_length=1000, blank=True)
    persons = models.PositiveIntegerField("本人の数（人）", null=True, blank=True)
    sensitivity = models.CharField(
        "秘匿性", max_length=16, choices=Sensitivity, default=Sensitivity.ORDINARY
    )
    special_care = models.BooleanField("要配慮個人情報を含む", default=False)
    # Clauses
    clause = models.CharField("再委託の条項", max_length=16, choices=Clause)
    clause_article = models.CharField("再委託の条項の条番号", max_length=60, blank=True)
    clause_quote = models.CharField("再委託の条項の文言", max_length=1000, blank=True)
    exempt_work = models.JSONField("承認を要しない軽微な業務", default=dict, blank=True)
    items = models.JSONField("契約書の記載事項", default=dict, blank=True)
    uses_dispatched_workers = models.BooleanField("派遣労働者の使用", default=False)
    dispatch_article = models.CharField(
        "労働者派遣契約書の秘密保持の条番号", max_length=60, blank=True
    )

    objects = ContractQuerySet.as_manager()

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "委託契約"
        constraints = [
            *LedgerRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "fiscal_year", "serial"],
                name="contract_code_unique",
                violation_error_message="同じ契約コードがあります。",
            ),
            models.CheckConstraint(
                name="contract_term_in_order",
                condition=Q(agreed_last_day__gte=models.F("first_day")),
                violation_error_message="契約期間の末日が初日より前です。",
            ),
            models.CheckConstraint(
                name="contract_termination_with_reason",
                condition=Q(terminated_on__isnull=True, termination_reason="")
                | (Q(terminated_on__isnull=False) & ~Q(termination_reason="")),
                violation_error_message="解除日と解除の理由は、両方そろえて入力してください。",
            ),
            models.CheckConstraint(
                name="contract_cut_on_termination",
                condition=Q(terminated_on__isnull=True)
                | Q(last_day__lte=models.F("terminated_on")),
                violation_error_message="解除した契約の末日が解除日より後です。",
            ),
            models.CheckConstraint(
                name="contract_serial_from_1",
                condition=Q(serial__gte=1, fiscal_year__gte=1900),
                violation_error_message="通番は1以上です。",
            ),
            one_of("contract_clause_known", "clause", Clause),
        ]
        # The survey's count reads nothing but this index, agency by agency as it groups. Without a
        # key in it PostgreSQL keeps contracts of one term as one entry, and reads half as much.
        indexes = [
            models.Index(
                fields=["information", "synthetic", "agency", "last_day", "first_day"],
                condition=Q(voided_on__isnull=True, last_day__gte=models.F("first_day")),
                name="contract_in_survey",
            ),
            # Cross tables count the whole ledger by agency, work and term, from the index alone.
            models.Index(
                fields=["synthetic", "agency", "work", "first_day", "last_day", "information"],
                condition=Q(voided_on__isnull=True, last_day__gte=models.F("first_day")),
                name="contract_in_crosstab",
            ),
            models.Index(
                fields=["officer"],
                condition=Q(officer__isnull=False),
                name="contract_of_officer",
            ),
            models.Index(
                fields=["renews"],
                condition=Q(renews__isnull=False),
                name="contract_renews",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """The public identifier: agency code, fiscal year of conclusion, serial within both."""
        return f"{self.agency.code}-{self.fiscal_year}-{self.serial:05d}"

    def problems(self):
        yield from order_problem(self, "first_day", "agreed_last_day")
        if not self.title:
            yield "title", "契約件名を入力してください。"
        for field, choices in (
            ("clause", Clause),
            ("work", self.Work),
            ("information", self.Information),
            ("sensitivity", self.Sensitivity),
        ):
            yield from choice_problem(self, field, choices)
        unknown = sorted(set(self.exempt_work) - LinkWork._value2member_map_.keys())
        if unknown:
            yield "exempt_work", f"軽微な業務「{'、'.join(unknown)}」は選択肢にありません。"
        if "8-4(2)" in self.items:
            yield "items", "第8-4(2)は「再委託の条項」で記録します。"
        if bool(self.terminated_on) != bool(self.termination_reason):
            yield "terminated_on", "解除日と解除の理由は、両方そろえて入力してください。"


def split_code(code: str, pattern: re.Pattern = CODE) -> tuple[str, int, int] | None:
    """(agency code, fiscal year, serial) of a public identifier, None when it is not one."""
    match = pattern.match(code)
    return match and (match["agency"], int(match["year"]), int(match["serial"]))


class Amendment(LedgerRow):
    """変更契約: from ``effective_on`` on it replaces the end, the clause or the items it names.

    Empty fields leave what was in force. A new clause comes with its own ``exempt_work``.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="amendments")
    number = models.CharField("変更契約番号", max_length=60, blank=True)
    concluded_on = models.DateField("変更契約締結日", null=True, blank=True)
    effective_on = models.DateField("変更の効力が生じる日")
    last_day = models.DateField("変更後の契約期間の末日", null=True, blank=True)
    clause = models.CharField("変更後の再委託の条項", max_length=16, choices=Clause, blank=True)
    clause_article = models.CharField("再委託の条項の条番号", max_length=60, blank=True)
    clause_quote = models.CharField("再委託の条項の文言", max_length=1000, blank=True)
    exempt_work = models.JSONField("承認を要しない軽微な業務", default=dict, blank=True)
    items = models.JSONField("変更した契約書の記載事項", default=dict, blank=True)
    reason = models.CharField("変更の理由", max_length=500, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "変更契約"
        ordering = ["effective_on", "id"]
        constraints = [
            *LedgerRow.Meta.constraints,
            one_of("amendment_clause_known", "clause", Clause, blank=True),
        ]

    def problems(self):
        yield from choice_problem(self, "clause", Clause, blank=True)
        if self.exempt_work and not self.clause:
            yield "exempt_work", "軽微な業務は、変更後の再委託の条項と併せて入力してください。"
        unknown = sorted(set(self.exempt_work) - LinkWork._value2member_map_.keys())
        if unknown:
            yield "exempt_work", f"軽微な業務「{'、'.join(unknown)}」は選択肢にありません。"
        if "8-4(2)" in self.items:
            yield "items", "第8-4(2)は「再委託の条項」で記録します。"
        if not (self.last_day or self.clause or self.items):
            yield (
                "effective_on",
                "変更契約は、末日・再委託の条項・記載事項のどれかを変えるものです。",
            )


class SectionTransfer(LedgerRow):
    """移管: the contract passed from one section to another on a day."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="transfers")
    day = models.DateField("移管日")
    from_section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("移管の理由", max_length=500, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "移管"
        constraints = [*LedgerRow.Meta.constraints]
