"""How the values of a column are read, once it is known which field they become."""

from __future__ import annotations

import re
import unicodedata

from crm.transfers.choosing import plain_reader
from crm.transfers.kinds import Kind
from crm.transfers.profiles import Profile

_THOUSANDS = re.compile(r"千円|k円|kjpy|jpy ?k")
_MILLIONS = re.compile(r"百万円|mjpy|jpy ?m")
_WITH_COMMA = {"whole": "whole_comma", "decimal": "decimal_comma", "yen": "yen_comma"}
_MOSTLY = 0.6
_NUMBERS = tuple(_WITH_COMMA)


def reader_for(kind: Kind, field: str, profile: Profile, comma: bool = False) -> str:
    """The reader that fits a field and what stands in its column.

    Of orders of day and month that fit equally well the first is taken: see `order_asked`.
    """
    read = plain_reader(kind, field)
    if kind.references.get(field) == "account" and profile.share("corporate") > _MOSTLY:
        return "corporate_number"
    if read in ("day", "instant") and profile.share("parted") > 0.5:
        order = (profile.orders or ("day_first",))[0]
        if order == "short_year":
            return "short_year" if read == "day" else "instant"
        return order if read == "day" else f"instant_{order}"
    if read == "yen":
        named = unicodedata.normalize("NFKC", profile.name).lower()
        if _MILLIONS.search(named):
            return "million_yen"
        if _THOUSANDS.search(named):
            return "thousand_yen"
    if read in _NUMBERS and _has_comma(profile, comma):
        return _WITH_COMMA[read]
    return read


def _has_comma(profile: Profile, comma: bool) -> bool:
    points, commas = profile.forms["point"], profile.forms["comma"]
    return commas > points or (comma and not points and bool(commas or profile.forms["whole"]))


def order_asked(kind: Kind, field: str, profile: Profile) -> tuple[str, ...]:
    """The readers a person must choose among: every value fits more than one order.

    A date parted by points has its day first wherever it is written.
    """
    read = plain_reader(kind, field)
    if read not in ("day", "instant") or profile.share("parted") <= 0.5 or profile.dotted:
        return ()
    orders = [one for one in profile.orders if read == "day" or one != "short_year"]
    if len(orders) < 2:
        return ()
    return tuple(orders if read == "day" else (f"instant_{one}" for one in orders))
