"""Which mapping a file is read with: the one named, else the shipped one that fits its header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.refusals import TooMuch
from crm.sheets.tables import Choice, Table, open_table
from crm.transfers.kinds import Kind
from crm.transfers.mapping import DEFAULT_ENCODINGS, SHIPPED, Mapping, Source, load_mapping
from crm.transfers.refusals import Refusal

ANY = Choice()
"""Nothing is said of the file."""
READ_AS = {
    "name_kana": "reading", "corporate_number": "corporate_number", "phone": "phone",
    "mobile": "phone", "direct": "phone", "extension": "extension",
    "postal_code": "postal_code", "email": "mail", "voice": "words", "handling_note": "words",
    "resolution": "words", "active": "flag", "chargeable": "flag", "installable": "flag",
    "serialised": "flag", "consumable_cycle_days": "day_count",
    "is_competitor": "flag", "sold_by_us": "flag", "fiscal_year_end_month": "month",
    "quantity": "whole", "position": "whole", "customer_since": "whole",
    "warranty_months": "months", "expected_life_months": "months", "downtime_minutes": "minutes",
    "inspection_interval_months": "months", "value": "decimal", "rated_limit": "decimal",
    "decimals": "whole", "reset": "flag", "labour_minutes": "minutes", "travel_km": "whole",
    "labour_share": "whole", "travel_share": "whole", "parts_share": "whole",
    "labour_percent": "whole", "travel_percent": "whole", "parts_percent": "whole",
    "notice_days": "day_count", "cycle_months": "months", "response_hours": "hours",
    "repair_hours": "hours", "around_the_clock": "flag", "auto_renew": "flag",
    "whole_account": "flag", "transferable": "flag",
    "meter_limit": "whole", "exclusions": "words", "every": "every", "horizon_days": "day_count",
    "worked": "flag", "counts": "decimal", "threshold": "decimal", "above": "flag",
    "in_a_row": "whole", "planned": "flag", "promised": "flag", "summary": "words",
    "serials": "words", "even_if_overlapping": "flag",
}  # fmt: skip
KEYS = {
    "accounts": ("corporate_number", "name"), "staff": ("email",), "products": ("code",),
    "units": ("product", "serial_no"), "sites": ("account", "name"),
    "contacts": ("account", "family_name", "given_name", "email"),
    "contracts": ("number",), "campaigns": ("number",), "warranties": ("unit", "kind", "starts_on"),
    "maintenance-plans": ("account", "name"), "closed-days": ("day",),
    "readings": ("unit", "meter", "at"), "errors": ("unit", "at", "code"),
}  # fmt: skip
"""The columns that tell rows apart in a file whose columns are called like our fields."""


def choose(
    kind: Kind, path: Path, mapping: Mapping | None, choice: Choice = ANY
) -> tuple[Mapping, Table]:
    """The file and the mapping it is read with. Raises Refusal."""
    if mapping is not None:
        if mapping.kind is not kind:
            raise Refusal(
                _("The mapping %(file)s is for %(kind)s.", file=mapping.name,
                  kind=mapping.kind.name)
            )  # fmt: skip
        return mapping, read_by(mapping, path, choice)
    tried = shipped(kind)
    why: list[Refusal] = []
    named = [one for one in tried if not one.columns]
    for fits in (*named, None, *_headless(tried, path, choice)):
        try:
            found = fits or plain(kind, path, choice)
            return found, read_by(found, path, choice)
        except TooMuch:
            raise
        except Refusal as error:
            why.append(error)
    raise _none_fits(why, [one.name for one in tried])


def _headless(tried: Sequence[Mapping], path: Path, choice: Choice) -> list[Mapping]:
    """Mappings of files without a header, unless this one has a header, of whatever words: as many
    columns alone do not make it such a file. Raises Refusal."""
    found = [one for one in tried if one.columns]
    if not found or open_table(path, choice).header_line:
        return []
    return found


def _none_fits(why: list[Refusal], names: list[str]) -> Refusal:
    if len({str(one) for one in why}) == 1:
        return why[0]
    reasons = " ".join(dict.fromkeys(map(str, why)))
    return Refusal(
        _("No mapping fits. %(why)s Tried: %(names)s and our own field names. "
          "Name another with --mapping.", why=reasons, names=", ".join(names))
    )  # fmt: skip


def named_mapping(name: str) -> Mapping:
    """A mapping by its path, or by the name of one that is shipped."""
    path = Path(name)
    if not path.suffix and (SHIPPED / f"{name}.toml").exists():
        path = SHIPPED / f"{name}.toml"
    return load_mapping(path)


def shipped(kind: Kind) -> list[Mapping]:
    """The mappings in the repository for a kind."""
    return [mapping for mapping in _all_shipped() if mapping.kind.name == kind.name]


@cache
def _all_shipped() -> tuple[Mapping, ...]:
    return tuple(load_mapping(path) for path in sorted(SHIPPED.glob("*.toml")))


def read_by(mapping: Mapping, path: Path, choice: Choice = ANY) -> Table:
    """The table that a mapping speaks of. Raises Refusal."""
    said = replace(choice, among=mapping.encodings, delimiter=choice.delimiter or mapping.delimiter)
    return open_table(path, said, () if mapping.columns else mapping.wanted(), mapping.columns)


def plain(kind: Kind, path: Path, choice: Choice = ANY) -> Mapping:
    """A file whose columns are called like our fields needs no mapping of its own."""
    table = open_table(path, replace(choice, among=DEFAULT_ENCODINGS), kind.required)
    columns = [name.strip() for name in table.header]
    fields = tuple(_plain_source(kind, name) for name in columns if name in kind.fields)
    keys = ["id"] if "id" in columns else [one for one in KEYS.get(kind.name, ()) if one in columns]
    if not keys:
        raise Refusal(_("%(file)s has no column %(names)s.", file=table.name, names="id"))
    key = " ".join(f"{{{name}}}" for name in keys)
    return Mapping("plain", kind, "plain", key, fields)


def _plain_source(kind: Kind, name: str) -> Source:
    find = kind.references.get(name, "")
    return Source(name, column=name, read=plain_reader(kind, name), find=find)


def plain_reader(kind: Kind, name: str) -> str:
    """How a field is read where nobody said otherwise."""
    if name in kind.days:
        return "day"
    if name in kind.readers:
        return kind.readers[name]
    if name in kind.instants:
        return "instant"
    if name.endswith(("_amount", "_price")) or name in ("amount", "credit_limit", "gross_profit"):
        return "yen"
    return READ_AS.get(name, "line")
