"""Kanji that stand for one another in names, folded for searching only.

Names are stored as their owners write them; these pairs only widen what a search finds.
Old forms (旧字体) and the variants that family registers keep. 斎 and 斉 are different
characters, but callers do not know which of the four a customer uses, so all meet in 斉.
"""

_PAIRS = (
    "髙高 﨑崎 嵜崎 濵浜 濱浜 邊辺 邉辺 齋斉 齊斉 斎斉 廣広 澤沢 國国 嶋島 "
    "嶌島 櫻桜 眞真 桒桑 𠮷吉 德徳 惠恵 榮栄 瀨瀬 龍竜 藏蔵 學学 會会 澁渋 "
    "條条 圓円 壽寿 實実 鐵鉄 黑黒 增増 寬寛 縣県 區区 總総 萬万 與与 豐豊 "
    "關関 靜静 禮礼 彌弥 覺覚 檜桧 栁柳 曾曽 冨富 峯峰 嶽岳 渕淵 渊淵 舘館 "
    "薮藪 單単 發発 當当 傳伝 佛仏 來来 兒児 兩両 劍剣 勞労 勳勲 獎奨 將将 "
    "專専 對対 尙尚 巖巌 應応 戶戸 拜拝 揭掲 搖揺 擧挙 收収 敎教 晉晋 晝昼 "
    "曉暁 槇槙 樂楽 樣様 橫横 步歩 每毎 氣気 淨浄 淺浅 溫温 滿満 濟済 瀧滝 "
    "燈灯 爲為 獨独 產産 畫画 盡尽 祕秘 祿禄 禪禅 穗穂 穰穣 粹粋 絲糸 綠緑 "
    "緖緒 緣縁 繪絵 纖繊 聰聡 聲声 肅粛 脩修 臺台 莊荘 萠萌 薰薫 藥薬 藝芸 "
    "蘆芦 號号 蠶蚕 裝装 謠謡 讓譲 豫予 賴頼 轉転 辨弁 辯弁 遙遥 遲遅 郞郎 "
    "鄕郷 醫医 釀醸 錄録 鎭鎮 鑛鉱 隨随 險険 雜雑 靈霊 顯顕 飜翻 驅駆 驛駅 "
    "髮髪 鷄鶏 麥麦 默黙 齒歯 龜亀 堯尭 槪概 靑青 淸清 凜凛 煕熙 翆翠 昻昂 "
    "曻昇 舩船 鷗鴎 焰焔 籔藪 "
)

VARIANTS: dict[int, str] = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
