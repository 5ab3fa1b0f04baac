"""Japanese postal codes."""

import re
import unicodedata

from crm.text.normal import DASHES

_WRITTEN = re.compile("[0-9]{3}-[0-9]{4}")
_SHAPE = re.compile(rf"〒?\s*(\d{{3}})[\s{re.escape(DASHES)}]*(\d{{4}})")


def postal_code(text: str) -> str:
    """Give a postal code as NNN-NNNN from any width, with or without 〒 and hyphen.

    Raises ValueError when it has not seven digits. Whether the code exists is not asked: one
    code may serve several towns, even in two prefectures.
    """
    if _WRITTEN.fullmatch(text):
        return text
    hit = _SHAPE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not hit:
        raise ValueError("A postal code has seven digits, as in 100-0001.")
    return f"{hit[1]}-{hit[2]}"
