"""Invented words for the synthetic ledger. Every company's name begins with 架空."""

from __future__ import annotations

from random import Random

from outsourcing.models import Agency, AgencyKind, Contract, LinkWork

Work = Contract.Work

STEMS = (
    "あおぞら", "あかつき", "あけぼの", "あさひ", "あずま", "いずみ", "うみかぜ", "おおぞら",
    "かえで", "かがやき", "かわせみ", "きぼう", "くすのき", "けやき", "こだま", "さくら",
    "さざなみ", "しおさい", "しらかば", "すずかぜ", "せせらぎ", "そよかぜ", "たいよう", "たちばな",
    "つばさ", "つばめ", "つむぎ", "ときわ", "なぎさ", "なのはな", "はごろも", "はやて",
    "ひかり", "ひなた", "ひばり", "ふじなみ", "ほしぞら", "ほたる", "まつかぜ", "みずほの",
    "みどり", "みなと", "みらい", "めぐみ", "もみじ", "やまなみ", "ゆうなぎ", "よつば",
    "わかくさ", "わかば",
)  # fmt: skip

# What kinds of company do a kind of work: the ends of their names.
SUFFIXES = {
    Work.STAFF_HEALTH_CHECK: ("健診センター", "予防医学協会", "健康管理株式会社", "クリニック"),
    Work.MEDICAL_EXAMINATION: ("臨床検査株式会社", "メディカルラボ株式会社", "検査センター"),
    Work.DATA_ENTRY: ("データ株式会社", "情報処理株式会社", "入力サービス株式会社"),
    Work.SYSTEMS: ("システムズ株式会社", "情報通信株式会社", "ソフトウェア株式会社"),
    Work.MAILING: ("印刷株式会社", "メーリング株式会社"),
    Work.CALL_CENTER: ("コンタクト株式会社", "テレサービス株式会社"),
    Work.SURVEY: ("総合研究所株式会社", "リサーチ株式会社"),
    Work.TRAINING: ("教育研修株式会社", "人材開発株式会社"),
    Work.STORAGE: ("倉庫株式会社", "文書管理株式会社"),
    Work.COLLECTION: ("債権管理株式会社",),
    Work.OTHER: ("サービス株式会社", "総合企画合同会社"),
}
LAB_SUFFIXES = (
    "検体検査ラボ株式会社",
    "バイオ解析株式会社",
    "検体輸送株式会社",
    "判定支援株式会社",
)

TITLES = {
    Work.STAFF_HEALTH_CHECK: (
        "職員定期健康診断業務",
        "職員特別定期健康診断業務",
        "職員人間ドック業務",
    ),
    Work.MEDICAL_EXAMINATION: (
        "血液検査業務",
        "臨床検査業務",
        "病理検査業務",
        "ストレスチェック業務",
    ),
    Work.DATA_ENTRY: ("申請書データ入力業務", "届出書類電子化業務", "名簿データ整備業務"),
    Work.SYSTEMS: (
        "人事給与システム運用保守業務",
        "申請管理システム改修業務",
        "基盤システム運用支援業務",
    ),
    Work.MAILING: ("通知書印刷封入発送業務", "案内状発送業務", "証明書作成発送業務"),
    Work.CALL_CENTER: ("問合せ窓口運営業務", "相談電話受付業務"),
    Work.SURVEY: ("利用者意識調査業務", "満足度アンケート集計業務", "実態調査業務"),
    Work.TRAINING: ("職員研修運営業務", "試験実施運営業務", "募集受付業務"),
    Work.STORAGE: ("文書保管業務", "機密文書廃棄処理業務"),
    Work.COLLECTION: ("収納事務業務", "債権管理回収業務"),
    Work.OTHER: ("会場運営業務", "福利厚生代行業務", "旅費計算支援業務"),
}
STATISTICS_TITLES = ("統計調査票審査集計業務", "統計調査実査業務", "調査票データ入力業務")

INFORMATION = {
    Work.STAFF_HEALTH_CHECK: "職員の氏名、生年月日、健康診断の結果",
    Work.MEDICAL_EXAMINATION: "受検者の氏名、検体、検査の結果",
    Work.SYSTEMS: "システムに登録された氏名、住所、職員番号",
    Work.MAILING: "送付先の氏名、住所",
}
OTHER_INFORMATION = "氏名、住所、連絡先"

LINK_WORK = {
    Work.STAFF_HEALTH_CHECK: (LinkWork.TESTING, LinkWork.TRANSPORT, LinkWork.DATA_ENTRY),
    Work.MEDICAL_EXAMINATION: (LinkWork.TESTING, LinkWork.TRANSPORT),
    Work.SYSTEMS: (LinkWork.SYSTEMS, LinkWork.CORE),
    Work.MAILING: (LinkWork.MAILING, LinkWork.CORE),
    Work.CALL_CENTER: (LinkWork.CALL_CENTER, LinkWork.CORE),
    Work.DATA_ENTRY: (LinkWork.DATA_ENTRY, LinkWork.CORE),
}
OTHER_LINK_WORK = (LinkWork.CORE, LinkWork.DATA_ENTRY, LinkWork.OTHER)

POINTS = (
    "入退室の記録の保存期間が契約で定めた期間に満たない（架空）。",
    "作業端末の持出しの承認の記録が一部ない（架空）。",
    "従事者名簿が更新されていない（架空）。",
    "個人情報の保管庫の鍵の管理者が定められていない（架空）。",
)

PLACES = ("東京都", "大阪府", "愛知県", "福岡県", "北海道", "宮城県", "広島県")

SECTIONS = ("総務課", "人事課", "会計課", "情報システム課", "厚生課", "企画課", "業務課", "調査課")

# What agencies of each kind mostly give out: (kind of work, weight).
WORK_OF_ORGANS = (
    (Work.STAFF_HEALTH_CHECK, 16), (Work.MEDICAL_EXAMINATION, 5), (Work.DATA_ENTRY, 10),
    (Work.SYSTEMS, 26), (Work.MAILING, 10), (Work.CALL_CENTER, 6), (Work.SURVEY, 10),
    (Work.TRAINING, 8), (Work.STORAGE, 4), (Work.COLLECTION, 1), (Work.OTHER, 4),
)  # fmt: skip
WORK_OF_INDEPENDENT = (
    (Work.STAFF_HEALTH_CHECK, 13), (Work.MEDICAL_EXAMINATION, 8), (Work.DATA_ENTRY, 9),
    (Work.SYSTEMS, 27), (Work.MAILING, 11), (Work.CALL_CENTER, 5), (Work.SURVEY, 6),
    (Work.TRAINING, 9), (Work.STORAGE, 4), (Work.COLLECTION, 4), (Work.OTHER, 4),
)  # fmt: skip
WORK_ON_STATISTICS = ((Work.SURVEY, 60), (Work.DATA_ENTRY, 30), (Work.SYSTEMS, 10))


def heisei(year: int) -> int:
    """The 年度 in 平成, as titles and numbers of contracts carry it."""
    return year - 1988


def link_work(random: Random, work: str) -> str:
    """What a contract on ``work`` passes on."""
    return random.choice(LINK_WORK.get(work, OTHER_LINK_WORK))


def works_of(agency: Agency, information: str):
    """The kinds of work an agency gives out, with their weights."""
    if information == Contract.Information.STATISTICS:
        return WORK_ON_STATISTICS
    return WORK_OF_ORGANS if agency.kind == AgencyKind.ORGAN else WORK_OF_INDEPENDENT


def titles_of(work: str, information: str):
    return STATISTICS_TITLES if information == Contract.Information.STATISTICS else TITLES[work]
