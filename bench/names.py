"""Japanese names made from parts, each with its reading; the same key always has the same name."""

from __future__ import annotations

_MASK = (1 << 64) - 1


def pick(key: int, salt: int, many: int) -> int:
    """A number below `many` that follows from a key: as good as a die, and repeatable."""
    mixed = (key * 0x9E3779B97F4A7C15 + salt * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ mixed >> 30) * 0x94D049BB133111EB) & _MASK
    return (mixed ^ mixed >> 31) % many


def _pairs(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


PLACES = _pairs(
    "東京 トウキョウ 大阪 オオサカ 京都 キョウト 横浜 ヨコハマ 名古屋 ナゴヤ 神戸 コウベ "
    "福岡 フクオカ "
    "札幌 サッポロ 仙台 センダイ 広島 ヒロシマ 信州 シンシュウ 北陸 ホクリク 四国 シコク "
    "九州 キュウシュウ "
    "関東 カントウ 中部 チュウブ 近畿 キンキ 東北 トウホク 北海 ホッカイ 瀬戸 セト 富士 フジ "
    "武蔵 ムサシ "
    "相模 サガミ 房総 ボウソウ 甲州 コウシュウ 三河 ミカワ 伊勢 イセ 播磨 ハリマ 備前 ビゼン "
    "筑紫 ツクシ"
)
KANJI = _pairs(
    "山 ヤマ 川 カワ 田 タ 野 ノ 原 ハラ 森 モリ 林 ハヤシ 松 マツ 竹 タケ 梅 ウメ 桜 サクラ "
    "藤 フジ "
    "石 イシ 岩 イワ 沢 サワ 島 シマ 崎 サキ 谷 タニ 坂 サカ 橋 ハシ 井 イ 池 イケ 泉 イズミ "
    "滝 タキ "
    "浜 ハマ 浦 ウラ 津 ツ 港 ミナト 里 サト 村 ムラ 町 マチ 宮 ミヤ 寺 テラ 塚 ツカ 堀 ホリ "
    "城 シロ "
    "戸 ト 門 カド 窪 クボ 丘 オカ 峰 ミネ 嶺 ミネ 杉 スギ 桐 キリ 柏 カシワ 楠 クスノキ "
    "榎 エノキ 桂 カツラ "
    "菊 キク 萩 ハギ 葵 アオイ 蘭 ラン 稲 イネ 麦 ムギ 米 ヨネ 豊 トヨ 富 トミ 福 フク 吉 ヨシ "
    "幸 ユキ "
    "光 ヒカリ 輝 テル 明 アキ 昭 アキ 和 カズ 平 ヒラ 安 ヤス 康 ヤス 健 タケ 勝 カツ "
    "栄 サカエ 盛 モリ "
    "金 カネ 銀 ギン 鉄 テツ 銅 ドウ 玉 タマ 鏡 カガミ 鶴 ツル 亀 カメ 鷹 タカ 鷲 ワシ 鹿 シカ "
    "熊 クマ "
    "白 シロ 黒 クロ 赤 アカ 青 アオ 紫 ムラサキ 緑 ミドリ 春 ハル 夏 ナツ 秋 アキ 冬 フユ "
    "朝 アサ 夕 ユウ "
    "星 ホシ 月 ツキ 雲 クモ 雪 ユキ 霧 キリ 風 カゼ 波 ナミ 潮 シオ 磯 イソ 岬 ミサキ "
    "湖 ミズウミ 瀬 セ"
)
FIELDS = _pairs(
    "精密 セイミツ 化学 カガク 電子 デンシ 光学 コウガク 機械 キカイ 製薬 セイヤク 食品 ショクヒン "
    "素材 ソザイ 計測 ケイソク 医療 イリョウ 環境 カンキョウ 半導体 ハンドウタイ 樹脂 ジュシ "
    "金属 キンゾク "
    "繊維 センイ 塗料 トリョウ ガラス ガラス セラミックス セラミックス バイオ バイオ "
    "システム システム"
)
BUSINESSES = _pairs(
    "工業 コウギョウ 製作所 セイサクショ 研究所 ケンキュウショ 産業 サンギョウ 技研 ギケン "
    "興業 コウギョウ "
    "商会 ショウカイ 開発 カイハツ エンジニアリング エンジニアリング テクノ テクノ ラボ ラボ "
    "製造 セイゾウ"
)
FORMS = ("株式会社{}", "{}株式会社", "有限会社{}", "{}合同会社", "株式会社{}", "{}株式会社")
FAMILIES = _pairs(
    "佐藤 サトウ 鈴木 スズキ 高橋 タカハシ 田中 タナカ 伊藤 イトウ 渡辺 ワタナベ 山本 ヤマモト "
    "中村 ナカムラ "
    "小林 コバヤシ 加藤 カトウ 吉田 ヨシダ 山田 ヤマダ 佐々木 ササキ 山口 ヤマグチ "
    "松本 マツモト 井上 イノウエ "
    "木村 キムラ 林 ハヤシ 斎藤 サイトウ 清水 シミズ 山崎 ヤマザキ 森 モリ 池田 イケダ "
    "橋本 ハシモト "
    "阿部 アベ 石川 イシカワ 山下 ヤマシタ 中島 ナカジマ 石井 イシイ 小川 オガワ 前田 マエダ "
    "岡田 オカダ "
    "長谷川 ハセガワ 藤田 フジタ 後藤 ゴトウ 近藤 コンドウ 村上 ムラカミ 遠藤 エンドウ "
    "青木 アオキ 坂本 サカモト "
    "髙島 タカシマ 渡邊 ワタナベ 濱田 ハマダ 齋藤 サイトウ 五十嵐 イガラシ 勅使河原 テシガワラ"
)
GIVEN = _pairs(
    "蓮 レン 陽翔 ハルト 湊 ミナト 健一 ケンイチ 誠 マコト 隆 タカシ 浩 ヒロシ 達也 タツヤ "
    "大輔 ダイスケ "
    "直樹 ナオキ 拓海 タクミ 翔太 ショウタ 和也 カズヤ 修 オサム 博 ヒロシ 美咲 ミサキ "
    "陽菜 ヒナ 葵 アオイ "
    "結衣 ユイ 由美子 ユミコ 恵子 ケイコ 久美子 クミコ 真由美 マユミ 智子 トモコ 裕子 ユウコ "
    "麻衣 マイ "
    "さくら サクラ 千尋 チヒロ 薫 カオル 彩 アヤ"
)
DEPARTMENTS = (
    "品質保証部",
    "研究開発部",
    "生産技術課",
    "購買部",
    "総務部",
    "分析センター",
    "設備課",
)
TITLES = ("", "主任", "係長", "課長", "部長", "室長", "")
INDUSTRIES = (
    "化学", "医薬品", "食品", "電機", "機械", "鉄鋼", "大学", "官公庁", "ガラス・土石", "繊維",
    "輸送用機器", "精密機器",
)  # fmt: skip
SYMPTOMS = (
    "水が出ない", "異音がする", "表示が消える", "エラーE05", "温度が上がらない", "値がばらつく",
    "電源が入らない", "漏れがある", "通信できない", "校正が合わない",
)  # fmt: skip
SENTENCES = (
    "朝から{}という状態で、測定が止まっています。", "昨日の点検のあとから{}ようです。",
    "使い方を教えてください。{}ことがあります。", "至急見ていただけますか。{}ため困っています。",
    "担当の方から折り返しお電話をお願いします。{}そうです。",
)  # fmt: skip
MACHINES = _pairs(
    "純水製造装置 PW 分光光度計 SP 遠心分離機 CF 恒温槽 TH 電子天秤 EB 質量分析計 MS "
    "液体クロマトグラフ LC "
    "水質分析計 WA 顕微鏡 MC 粘度計 VM 滅菌器 AC 乾燥炉 DO 冷却水循環装置 CW 真空ポンプ VP pH計 PH"
)


def company(key: int) -> tuple[str, str]:
    """A company's name and reading; half of the names hold two rare characters side by side."""
    place, place_kana = PLACES[pick(key, 1, len(PLACES))]
    first, second = (KANJI[pick(key, salt, len(KANJI))] for salt in (2, 3))
    field, field_kana = FIELDS[pick(key, 4, len(FIELDS))]
    business, business_kana = BUSINESSES[pick(key, 5, len(BUSINESSES))]
    middle, middle_kana = first[0] + second[0], first[1] + second[1]
    shape = pick(key, 6, 3)
    if shape == 0:
        core, kana = place + field + business, place_kana + field_kana + business_kana
    elif shape == 1:
        core, kana = middle + field + business, middle_kana + field_kana + business_kana
    else:
        core, kana = place + middle + business, place_kana + middle_kana + business_kana
    return FORMS[pick(key, 7, len(FORMS))].format(core), kana


def person(key: int) -> tuple[str, str, str, str]:
    """Family name, given name, and their readings."""
    family, family_kana = FAMILIES[pick(key, 11, len(FAMILIES))]
    given, given_kana = GIVEN[pick(key, 12, len(GIVEN))]
    return family, given, family_kana, given_kana


def address(key: int) -> str:
    """A made-up address."""
    place = PLACES[pick(key, 21, len(PLACES))][0]
    town = KANJI[pick(key, 22, len(KANJI))][0] + KANJI[pick(key, 23, len(KANJI))][0]
    return (
        f"{place}市{town}町{1 + pick(key, 24, 9)}-{1 + pick(key, 25, 30)}-{1 + pick(key, 26, 20)}"
    )


def phone(key: int, salt: int) -> str:
    """A telephone number as it is typed."""
    return f"0{3 + salt}-{1000 + key // 10_000 % 9000:04d}-{key % 10_000:04d}"


def symptom(key: int) -> str:
    """What does not work."""
    return SYMPTOMS[pick(key, 31, len(SYMPTOMS))]


def voice(key: int) -> str:
    """The customer's own words, without a word that would raise an alert."""
    return SENTENCES[pick(key, 32, len(SENTENCES))].format(symptom(key))
