"""Serial numbers that may be one, misread off a name plate: A93-20417, A93 2O417, A9320417.

Running numbers of one lot (A-001 and A-002) are never alike: only what is written now one way, now
another counts, which are hyphens, leading zeros, O for 0, I for 1, and less surely B for 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

READ = str.maketrans("OI", "01")
WORSE = str.maketrans("OIB", "018")
_PAIRS = {"O": "0", "0": "O", "I": "1", "1": "I", "B": "8", "8": "B"}
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_RUNS = re.compile(r"[0-9]+|[^0-9]+")
LONGEST, PADDED = 40, 6


def loosest(key: str) -> str:
    """A serial key as its likes have it too: by this they are laid together."""
    return _ZEROS.sub("", key.replace("-", "").translate(WORSE))


def differences(a: str, b: str) -> tuple[str, ...] | None:
    """How two serial keys differ that may be one: `gap`, `zeros`, `letters` or `worse`; nothing at
    all when they are the same. None when they are two numbers."""
    for table, reason in ((None, ""), (READ, "letters"), (WORSE, "worse")):
        one, two = (key.translate(table) if table else key for key in (a, b))
        if not _same(one, two):
            continue
        found = [reason] if reason else []
        plain = one.replace("-", "") == two.replace("-", "")
        found += [] if plain else ["zeros"]
        found += [] if one.count("-") == two.count("-") else ["gap"]
        return tuple(found)
    return None


def _same(a: str, b: str) -> bool:
    """A gap is left out or not, but it is in one place: A9-32 and A93-2 are two machines."""
    if "-" in a and "-" in b:
        return [_ZEROS.sub("", one) for one in a.split("-")] == [
            _ZEROS.sub("", one) for one in b.split("-")
        ]
    return _ZEROS.sub("", a.replace("-", "")) == _ZEROS.sub("", b.replace("-", ""))


def variants(key: str) -> set[str]:
    """Keys that a serial key may stand under as well, for an index: some dozens at most."""
    plain = key.replace("-", "")
    found = {key, plain, key.translate(READ), plain.translate(READ), plain.translate(WORSE)}
    found |= {key.replace("0", "O"), key.replace("1", "I"), _ZEROS.sub("", key)}
    if len(key) <= LONGEST:
        found |= set(_one_sign(key)) | set(_padded(key))
        if plain == key:
            found |= {f"{key[:n]}-{key[n:]}" for n in range(1, len(key))}
    return {one for one in found if one}


def _one_sign(key: str) -> Iterator[str]:
    for place, sign in enumerate(key):
        if sign in _PAIRS:
            yield f"{key[:place]}{_PAIRS[sign]}{key[place + 1 :]}"


def _padded(key: str) -> Iterator[str]:
    """The last run of digits without its leading zeros, and with more of them."""
    runs = _RUNS.findall(key)
    place = next((n for n in range(len(runs) - 1, -1, -1) if runs[n].isdigit()), None)
    if place is None:
        return
    bare = runs[place].lstrip("0") or "0"
    for length in range(len(bare), len(bare) + PADDED):
        yield "".join([*runs[:place], bare.zfill(length), *runs[place + 1 :]])
