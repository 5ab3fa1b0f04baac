"""Corporate numbers (法人番号): their form and check digit.

The check digit guards against typing errors, not against invention: about one swapped pair
of digits in fifty passes.
"""

import re
import unicodedata

from crm.text.normal import DASHES

_SEPARATORS = re.compile(f"[\\s{re.escape(DASHES)}]")


def corporate_number(text: str) -> str:
    """Give the 13 digits of a corporate number typed in any width, with hyphens or blanks.

    Raises ValueError with the reason. Check digit: Ministry of Finance ordinance no. 70 of
    2014, article 2: 9 less the remainder by 9 of the weighted sum of the other twelve.
    """
    digits = _plain(text)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("A corporate number is written in digits alone.")
    if len(digits) != 13:
        raise ValueError("A corporate number has 13 digits.")
    if int(digits[0]) != check_digit(digits[1:]):
        raise ValueError("The check digit of the corporate number does not fit.")
    return digits


def check_digit(base: str) -> int:
    """Work out the check digit (1 to 9) that stands before a twelve-digit base number."""
    digits = base.encode("ascii")
    total = sum(digits) + sum(digits[-2::-2]) - ord("0") * (len(base) + len(base) // 2)
    return 9 - total % 9


def _plain(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
