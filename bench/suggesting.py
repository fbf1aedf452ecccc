"""Contractors suggested as one types, among 100,000 with names and readings like a real register's.

One letter, two, whole names, readings, what stands within, several words, numbers, and what there
is not: the slowest of these is what is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from urllib.parse import quote

from django.test import Client

from bench.measuring import Measure, seconds, side_by_side
from bench.people import client_of, officer_of
from outsourcing import corporate_numbers
from outsourcing.actions import contractors
from outsourcing.models import Agency, Contractor, NamePart, NoNumber
from outsourcing.planner import learn_statistics

NUMBER = 100_000
NUMBERED_FROM = 500_000  # serials that the synthetic ledger does not use
PRIVATE = 0.04  # of them without a number, known to one agency alone
BATCH = 5000
LIMIT = 20

# How a name is written and read. Names of companies are surnames or places, and a trade.
FIRST = (
    "佐藤 さとう/鈴木 すずき/高橋 たかはし/田中 たなか/渡辺 わたなべ/伊藤 いとう/山本 やまもと/"
    "中村 なかむら/小林 こばやし/加藤 かとう/吉田 よしだ/山田 やまだ/佐々木 ささき/山口 やまぐち/"
    "松本 まつもと/井上 いのうえ/木村 きむら/林 はやし/斎藤 さいとう/清水 しみず/山崎 やまざき/"
    "森 もり/池田 いけだ/橋本 はしもと/阿部 あべ/石川 いしかわ/山下 やました/中島 なかじま/"
    "石井 いしい/小川 おがわ/前田 まえだ/岡田 おかだ/長谷川 はせがわ/藤田 ふじた/後藤 ごとう/"
    "近藤 こんどう/村上 むらかみ/遠藤 えんどう/青木 あおき/坂本 さかもと/札幌 さっぽろ/"
    "仙台 せんだい/東京 とうきょう/横浜 よこはま/名古屋 なごや/京都 きょうと/大阪 おおさか/"
    "神戸 こうべ/広島 ひろしま/福岡 ふくおか/日本 にほん/関東 かんとう/東海 とうかい/"
    "西日本 にしにほん/中央 ちゅうおう/新日本 しんにほん/北陸 ほくりく/ＡＢＣ えーびーしー/"
    "アクア あくあ/さくら さくら/みどり みどり/あおぞら あおぞら/第一 だいいち/三和 さんわ"
)
SECOND = (
    "情報 じょうほう/電算 でんさん/データ でーた/システム しすてむ/ビジネス びじねす/"
    "総合 そうごう/産業 さんぎょう/医療 いりょう/健康 けんこう/印刷 いんさつ/通信 つうしん/"
    "文書 ぶんしょ/調査 ちょうさ/検査 けんさ/運輸 うんゆ/人材 じんざい/教育 きょういく/"
    "建物 たてもの/警備 けいび/地域 ちいき/メディカル めでぃかる/テクノ てくの/コール こーる"
)
THIRD = (
    "サービス さーびす/センター せんたー/開発 かいはつ/管理 かんり/企画 きかく/商事 しょうじ/"
    "研究所 けんきゅうじょ/ソリューションズ そりゅーしょんず/エンジニアリング えんじにありんぐ/"
    "工業 こうぎょう/支援 しえん/コンサルティング こんさるてぃんぐ/処理 しょり/事務所 じむしょ/"
    "ホールディングス ほーるでぃんぐす/パートナーズ ぱーとなーず/物流 ぶつりゅう/協会 きょうかい/"
    "東日本 ひがしにほん/ネットワーク ねっとわーく"
)
FORMS = ("株式会社{}", "{}株式会社", "有限会社{}", "合同会社{}", "一般社団法人{}", "医療法人社団{}")
SHARES = (50, 22, 18, 5, 3, 2)

TYPED = {
    "one letter": "か",
    "one kanji": "株",
    "one letter nobody has": "龘",
    "two letters": "けい",
    "within a name": "株式会社",
    "a whole name": "株式会社佐藤電算センター",
    "a reading": "ﾆｼﾆﾎﾝ ﾃﾞｰﾀ",
    "words everybody has": "株式会社 サービス",
    "words everybody has at the end": "サービス 株式会社",
    "words nobody has together": "東京 東京 大阪 さくら",
    "what there is not": "存在しない名称の委託先",
    "a number": "19",
    "a number nobody has": "0000000000000",
}


def suggesting() -> Iterator[Measure]:
    """Adds the contractors, measures, and takes them away again."""
    # Of one agency: whose contractors may be seen is then to be asked as well.
    user = officer_of(Agency.objects.order_by("code").first())
    try:
        took = seconds(lambda: _fill(user))
        yield Measure("100,000 contractors added", took, "s")
        client = client_of(user)
        works = {name: lambda typed=typed: _ask(client, typed) for name, typed in TYPED.items()}
        times = side_by_side(works, rounds=25)
        slowest = max(times, key=times.get)
        note = f"slowest: {slowest}; quickest {min(times.values()) * 1000:.2g} ms"
        worst = times[slowest] * 1000
        yield Measure("suggestions among 100,000 contractors", worst, "ms", LIMIT, note=note)
    finally:
        _take_away()


def _ask(client: Client, typed: str) -> None:
    answer = client.get(f"/contractors/suggest/?q={quote(typed)}")
    assert answer.status_code == 200
    assert answer.content


def _fill(user) -> None:
    rows = list(_register(Random(1)))
    for start in range(0, len(rows), BATCH):
        contractors.add_many(rows[start : start + BATCH], by=user)
    learn_statistics()


def _register(random: Random) -> Iterator[Contractor]:
    agencies = list(Agency.objects.order_by("code")[:50])
    words = [[pair.split(" ") for pair in part.split("/")] for part in (FIRST, SECOND, THIRD)]
    for serial in range(NUMBERED_FROM, NUMBERED_FROM + NUMBER):
        chosen = [random.choice(part) for part in words]
        if random.random() < 0.3:
            chosen.pop(1)
        name = random.choices(FORMS, SHARES)[0].format("".join(word for word, _ in chosen))
        row = Contractor(name=name, kana="".join(read for _, read in chosen), synthetic=True)
        if random.random() < PRIVATE:
            row.no_number_reason, row.agency = NoNumber.UNKNOWN, random.choice(agencies)
        else:
            row.corporate_number = corporate_numbers.synthetic_number(serial)
        yield row


def _take_away() -> None:
    added = Contractor.objects.filter(recorded_by__username="bench-officer")
    NamePart.objects.filter(contractor__in=added)._raw_delete(added.db)
    added._raw_delete(added.db)
    learn_statistics()
