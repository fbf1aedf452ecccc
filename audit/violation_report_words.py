"""The sentences of a violation report, the same on the page and in the workbook."""

from __future__ import annotations

from collections.abc import Iterator

from audit.violation_report import Section, ViolationReport

NAMES_NOTE = "事業者の名称（個人のものを含む）は、この報告書に現れる順にＡ社、Ｂ社…と示しています。"
NAMES_WARNING = (
    "契約件名などの文章の中の名称も、記録された名称と一致するものは置き換えていますが、"
    "略称や書き方の違うものは残ります。外部に出す前に、文章を必ず読み直してください。"
)
RELATION_NOTE = (
    "子会社かどうかは、委託先から見た議決権の過半数又は申告だけで判定しています。"
    "複数の関係の期間があるものは、最も近い関係を示します。"
)


def paragraphs(report: ViolationReport) -> Iterator[str]:
    """As the ministry's report puts it."""
    told = report.sentences
    yield (
        f"個人情報の取扱いに係る業務の委託契約{told.contracts:,}件のうち、"
        f"契約に反する再委託が行われていたものは{told.breaches:,}件であった"
        f"（所見{told.findings.findings:,}件、理由書のあるものを除く）。"
    )
    if told.breaches:
        yield (
            f"その業務は、職員の健康診断が{told.health:,}件、その他の医学的な検査が"
            f"{told.medical:,}件、その他の業務が{told.other:,}件であった。"
        )
        yield (
            f"委託先の100%子会社への再委託によるものは{told.wholly_owned:,}件で、"
            f"うち{told.wholly_owned_medical:,}件はその他の医学的な検査であった。"
            if told.wholly_owned
            else "委託先の100%子会社への再委託によるものはなかった。"
        )
    if told.faults:
        yield (
            f"委託先の管理体制が不適切であった契約は{told.faults:,}件で、"
            f"うち{told.faults_terminated:,}件は契約を解除した。"
        )
    if told.breaches:
        leaks = f"{told.leaks:,}件あった" if told.leaks else "なかった"
        yield f"契約に反する再委託が行われていた契約に係る個人情報の漏えい等は{leaks}。"


def notes_of(report: ViolationReport) -> Iterator[str]:
    yield "件数は所見の数です。一つの契約に複数の所見があることがあり、契約の件数とは異なります。"
    yield "契約の件数は、対象の期間に契約期間が一日でも含まれるものの数です。"
    yield RELATION_NOTE
    yield "指針は行政機関を名宛人とし、独立行政法人等には第11の尺度として当てはめています。"
    if report.asked.hides_names:
        yield NAMES_NOTE


def beyond(section: Section, where: str) -> str:
    return (
        f"{section.number.findings:,}件あり、{section.most:,}件を超えるため、"
        f"一件ごとの内容は{where}に示します。"
    )
