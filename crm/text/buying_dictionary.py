"""The dictionary of buying words: what we call the word, and the pattern it is found by.

Patterns meet folded text: lower case, katakana, one blank for any white space. They are
written here in natural kana and folded once. Order matters: the first that fits wins.
"""

_IRE = "(?:入れ?|いれ)"
_KAE = "(?:替え?|換え?|代え|かえ)"

JAPANESE: tuple[tuple[str, str], ...] = (
    ("相見積", "相見積も?り?|あいみつ"),
    ("見積", "見積も?り?書?|見積|みつもり"),
    ("増設", "増設|増台|増やしたい|増やす予定|(?:もう|あと)(?:一|1|二|2)台"),
    ("移設", "移設"),
    ("移転", "移転|引っ?越し?|転居"),
    ("新拠点", "新(?:拠点|工場|営業所|事業所|オフィス|棟|研究所|ライン)"),
    ("入替", f"{_IRE}{_KAE}"),
    ("買い替え", f"買い?{_KAE}|リプレー?ス|更改"),
    (
        "更新",
        "(?<!ソフトの)(?<!ソフトウェアの)(?<!ファームの)(?<!データの)(?<!パスワードの)(?<!ソフトウェア)"
        "(?<!ソフト)(?<!ファームウェア)(?<!データ)(?<!パスワード)(?<!ドライバ)(?<!windows)"
        "更新(?!日時|プログラム|履歴|ボタン|ファイル)",
    ),
    ("追加", "追加(?!料金|情報|で質問|の質問)"),
    ("後継", "後継(?:機種?|品|モデル)?"),
    ("新機種", "新(?:機種|型|モデル|製品)"),
    ("価格", "価格|値段|定価|単価|おいくら|いくらに|いくらで"),
    ("カタログ", "カタログ|パンフレット|資料請求"),
    (
        "保守加入",
        "保守(?:契約|サービス)?(?:に|へ)(?:入|加入)(?:ったほうが|りたい)?|保守契約(?:を)?(?:し|結び|検討)|保守加入",
    ),
    ("延長保証", "延長保証|保証の?延長"),
    ("購入", "購入(?:したい|を検討|検討|希望|を考え|予定|方法|できますか|の相談|を予定)|買いたい"),
    ("発注", "(?:発注|注文)(?:したい|を検討|予定|方法|できますか|の相談)"),
    ("導入", "導入(?:したい|を検討|検討|予定|を考え|の相談|費用)"),
    ("納期", "納期"),
    ("予算", "予算(?:取り|申請|化|を|が|に|の|は)"),
    ("稟議", "稟議"),
    ("デモ", "デモ機?(?:を|が|の|は|依頼|希望)|試用|お試し"),
    ("リース", "リース(?:満了|切れ|終了|で|の見|を検討|契約)|再リース"),
    ("アップグレード", "アップグレード|グレードアップ|バージョンアップ|上位(?:機種?|モデル)"),
    ("オプション", "オプション(?:品|の追加|を付|をつけ|が欲し)"),
)

ENGLISH: tuple[tuple[str, str], ...] = (
    ("quotation", "(?:re)?quotations?"),
    ("quote", "(?:re)?quotes?"),
    ("price", "pric(?:e|es|ing)|price ?lists?"),
    ("upgrade", "upgrad(?:e|es|ing)"),
    ("replace", "replac(?:e|ing)|replacement (?:unit|machine|instrument|model)s?"),
    ("relocate", "relocat(?:e|es|ing|ion)"),
    ("successor", "successors?|newer models?|latest models?"),
    ("catalogue", "catalog(?:ue)?s?|brochures?"),
    ("buy", "(?:want|like|plan|planning|looking|wish) to (?:buy|purchase|order)"),
    ("purchase order", "purchase orders?"),
    (
        "additional unit",
        "(?:additional|another|second|extra|one more) (?:unit|machine|instrument)s?",
    ),
    ("lead time", "lead[ -]times?|delivery times?"),
    ("lease", "(?:lease|leasing)"),
    ("maintenance contract", "(?:maintenance|service) (?:contract|agreement|plan)s?"),
    ("extended warranty", "(?:extended|extend(?:ing)? the) warranty"),
    ("budget", "budgets?|budgetary"),
    ("demo", "demos?|demonstrations?|trial units?"),
    ("renew", "renew(?:al|als|ing)?"),
    ("expansion", "expand(?:ing)?|expansion"),
)

_REST = (
    "(?:(?:の|と|や)(?:見積も?り?|追加|増設|購入|入替|更新|移設)|書|り|は|も|を|が|の|に|って|など|とか|、"
    "|まで|お|ご|件|提出|作成|依頼|送付|契約|する|したい| |まだ|特に|今回)*"
)
_WISH = "(?:必要|予定|つもり|考え|話|計画|希望)(?:は|が|も|など|とか)?(?:特に|まだ| |、)*"

DENIED_AFTER: tuple[str, ...] = (
    f"{_REST}(?:不要|無用|いらな|要らな|いりませ|要りませ|結構です|けっこうです|なし|無し)",
    f"{_REST}{_WISH}(?:ない|なく|なし|無し|ありませ|ございませ|御座いませ)",
    f"{_REST}(?:では|じゃ)(?:ない|なく|あり?ませ)",
    f"{_REST}(?:しない(?!と|か|ため)|しませ(?!んか)|いたしませ|やめ|止め|中止|見送|取り消|キャンセル|断)",
    f"{_REST}(?:検討して|考えて)(?:い|お)?(?:ない|り?ませ)",
    r" (?:is|are|was|were)(?: not|n't) (?:needed|required|necessary|wanted)",
    r" (?:not|un) ?(?:needed|required|necessary|wanted)",
    r" (?:is|are) unnecessary",
)
"""What denies the word it follows, straight after it and in the same clause."""

_ARTICLES = r"(?: to| an?| any| the| \w+){0,4} "

DENIED_BEFORE: tuple[str, ...] = (
    r"\bno(?: need (?:for|of|to))?(?: an?| any| the)?(?: \w+)? $",
    rf"\b(?:do not|don['’]t|does not|doesn['’]t) (?:need|want|require|wish){_ARTICLES}$",
    rf"\b(?:not|isn['’]t|aren['’]t) (?:interested in|asking for|looking for|planning){_ARTICLES}$",
    r"\b(?:do not|don['’]t|not) $",
    r"\bwithout (?:an? |any |the )?$",
)
"""What denies the word that follows it in the same clause."""
