"""The questions and answers of the demo company's colleagues."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """One question. `ticket` is a number; `title` a deal's, or the code of a product on a kind of
    record (`on`). `took` minutes to the answer, `wanted` days ahead a reply is wished for."""

    question: str
    answer: str = ""
    outcome: str = ""
    done: str = ""
    ticket: int = 0
    title: str = ""
    on: str = "ticket"
    asker: str = ""
    asked: str = "小林 大輔"
    minutes: int = 0
    days: int = 0
    took: int = 145
    wanted: int = 0
    word: str = ""
    by: str = ""


STORY = (
    Told("前処理フィルタを1段増やすと、交換間隔は延びますか。",
         ticket=10482, asker="中村 由佳", minutes=22),
    Told("移設のお見積りは営業から出しますか。費用の目安があれば、先にお伝えします。",
         ticket=10477, asker="石井 亮", asked="佐藤 美咲", minutes=95, wanted=2),
    Told("移動相の作り直しで直らないとき、次に疑うのはランプですか、検出器のセルですか。",
         ticket=10431, asker="石井 亮", asked="高橋 健", minutes=190),
    Told("値引きは5%までで回答してよいですか。保守3年を付けることで、ほぼ合意しています。",
         title="原子吸光 AX-72 一式", asker="佐藤 美咲", asked="田中 浩一", days=4, wanted=1),
    Told("カラムと配管は、今のものを LX-310 でも使えますか。切替で止まる時間も知りたいです。",
         "カラム接続は現行の配管を使えます。切替の停止時間は半日。", "helped",
         "見積りの据付費を2日から1日に。",
         title="LX-310 更新（2号機）", asker="佐藤 美咲", days=3),
    Told("入札仕様に「最大遠心加速度 21,000×g 以上」とあります。CF-16 は標準ロータで満たしますか。",
         "アングルロータ AR-24 を付ければ 21,380×g で満たします。標準のスイングロータでは"
         "満たしません。仕様書にはロータの型式まで書いてください。",
         title="遠心分離機 CF-16 更新", asker="佐藤 美咲", days=1, took=280),
    Told("電源は単相200Vが要りますか。先方は100Vの部屋に置きたいそうです。",
         title="遠心分離機 CF-16", asker="佐藤 美咲", asked="森 和也", minutes=410,
         word="電源工事は森さんが詳しいです。", by="小林 大輔"),
    Told("表面粗さの測定に、こちらの試料台を使ってもらえますか。", title="表面粗さ計 SR-300 新規",
         asker="佐藤 美咲", asked="高橋 健", days=2, took=95,
         word="SR-300 の測定は担当していません。小林さんにお願いします。"),
)  # fmt: skip
"""What is going on: waiting, answered since yesterday, declined, handed on."""

LONG_AGO = (
    Told("圧力が上がり続けます。フィルタより先に見る所はありますか。",
         "ポンプ出口のインラインフィルタを外して圧を見てください。下がればフィルタ、変わらなければ"
         "インジェクタの詰まりです。", "helped", "インラインフィルタの交換で復旧。",
         title="LX-210"),
    Told("オートサンプラの針がずれます。お客様の側で直せますか。",
         "原点合わせを一度お願いしてください。二度目はモータの脱調です。訪問が早いです。",
         "helped", "原点合わせで復旧。訪問は取りやめ。", title="LX-310", took=40),
    Told("純度計の値が安定しません。校正液を替えても同じです。",
         "電極の膜が乾いています。3mol/L の KCl に一晩浸けてから校正してください。", "unsolved",
         "変わらず。電極を交換した。", title="PW-10", took=60),
    Told("冬だけエラー E-12 が出ます。室温が関係しますか。",
         "15℃を下回ると起動時の自己診断で落ちます。暖機を30分とってから電源を入れてください。",
         "helped", "始業時の手順書に暖機を追加していただいた。", title="GX-520", took=200),
    Told("ベースラインが波打ちます。ガスの純度でしょうか。",
         "波の周期が1分なら恒温槽の制御です。キャリアガスなら周期がありません。", "helped",
         "周期があり、温調の基板を交換。", title="GX-400"),
    Told("扉のパッキンだけを取り寄せられますか。", "部品番号は HP-8-21 です。在庫があります。",
         "helped", "翌日に発送。", title="HT-8", took=15),
    Told("庫内の温度が設定より2℃低いままです。", "センサの位置がずれていませんか。棚板に触れると低く"
         "出ます。", "helped", "棚板を1段下げて解消。", title="HT-12", took=90),
    Told("荷重の零点が動きます。床の振動は考えられますか。",
         "隣でプレスが動いているなら振動です。防振台 VD-3 をお試しください。", "unused",
         "お客様が設置場所を変えることになった。", title="UT-50"),
    Told("ひょう量の再現性が悪いとのことです。静電気でしょうか。",
         "湿度が40%を切るなら静電気です。除電器を先に貸し出してください。", "helped",
         "貸し出しで改善。除電器をご購入。", title="EB-224", took=35),
    Told("ランプの交換後に光量が足りません。", "光軸の調整が要ります。交換だけでは出ません。訪問で30分"
         "です。", "helped", "訪問で調整。", title="SP-640"),
    Told("回転の途中で止まります。バランスは合っているそうです。",
         "ロータの底のゴムが劣化すると不釣合いと判定します。ゴムを見てください。", "helped",
         "ゴムの交換で復旧。", title="CF-8", took=70),
    Told("粗さの値が毎回違います。", "触針の先が欠けています。標準片で確かめてから交換してください。",
         title="SR-300", took=110),
    Told("旧機の検量線データは引き継げますか。",
         "変換ソフトで移せます。ただし積分条件は手で入れ直しです。1日見てください。", "helped",
         "移行作業を見積りに1日加えた。", title="LX-310", on="deal"),
    Told("GX-400 のカラムは GX-520 にそのまま付きますか。",
         "継手が違います。変換継手 CJ-2 を2個、見積りに入れてください。", "helped",
         "継手を追加して受注。", title="GX-520", on="deal", took=50),
    Told("純水の使用量が増えると、PW-10 では足りませんか。",
         "毎分2リットルを超えるなら足りません。並列の2台か PW-20 を。", "unused",
         "使用量は変わらないことになった。", title="PW-10", on="deal"),
    Told("設置に床の補強は要りますか。", "本体は 380kg、床荷重 500kg/m2 あれば要りません。", "helped",
         "補強なしで提案。", title="UT-50", on="deal", took=25),
    Told("入札の仕様に他社の機能名が入っています。当社の何に当たりますか。",
         "自動希釈のことです。当社では前処理オプション PT-1 で同じことができます。", "helped",
         "同等品の回答書に書いた。", title="AX-72", on="deal", took=180),
    Told("排気の工事は誰が見ますか。", "ドラフトの風量をお客様に測っていただき、0.5m/s あれば工事は"
         "不要です。", "unsolved", "風量が足りず、工事を手配。", title="SP-640", on="deal"),
    Told("20台の校正を1日で回れますか。", "天びんだけなら1人で12台です。2人で1日とってください。",
         "helped", "2人1日で見積もった。", title="EB-224", on="deal", took=20),
)  # fmt: skip
"""What was settled in the last months, by the code of a product."""
