"""Cards become contacts, and companies that were not here become accounts."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import gettext as _

from crm.accounts import actions, queries
from crm.accounts.models import Account, Contact
from crm.accounts.schemas import AccountSchema, ContactSchema
from crm.errors import Invalid
from crm.rights import Person
from crm.text.normal import clean
from crm.text.postal import postal_code
from crm.typed import OneLine, Schema, Several, key, line
from crm.vcards.finding import MOST
from crm.web import flatten

Fields = dict[str, Any]


class TakenCard(Schema):
    """One card that is taken: its person, and an account or the company to enter as one."""

    family_name = line(60, required=True)
    given_name = line(60)
    family_name_kana = line(60)
    given_name_kana = line(60)
    department = line(100)
    title = line(60)
    email = line(254)
    phones = ma.fields.List(line(40), validate=Several(max=20))
    account_id = key(allow_none=True, load_default=None)
    organisation = line(200)
    postal_code = OneLine()
    address = line(300)


def load_cards(rows: list[Fields]) -> list[Fields]:
    """The cards as they were chosen. Raises Invalid naming the line of a wrong one."""
    if len(rows) > MOST:
        raise Invalid({"cards": [_("At most %(n)s cards at once.", n=MOST)]})
    errors = TakenCard(many=True, unknown=ma.EXCLUDE).validate(rows)
    if errors:
        raise Invalid(flatten({str(place): why for place, why in errors.items()}))
    loaded: list[Fields] = TakenCard(many=True, unknown=ma.EXCLUDE).load(rows)
    return loaded


def take_cards(rows: list[Fields], user: Person) -> list[Contact]:
    """Enter the people. Cards of one new company make one account. Raises Invalid naming the
    line: nothing is taken then."""
    made: dict[str, Account] = {}
    contacts = []
    for place, row in enumerate(rows):
        try:
            contacts.append(_take(row, made, user))
        except Invalid as error:
            raise Invalid(
                {f"{place}.{name}": why for name, why in error.errors.items()}, error.detail
            ) from error
    return contacts


def _take(row: Fields, made: dict[str, Account], user: Person) -> Contact:
    account_id = row["account_id"] or _account(row, made, user).id
    names = ("family_name", "given_name", "family_name_kana", "given_name_kana", "department",
             "title", "email")  # fmt: skip
    fields: Fields = {name: row[name] for name in names if row.get(name)}
    fields["phones"] = [{"number": one} for one in row.get("phones", ()) if one]
    fields["account_id"] = account_id
    return actions.add_contact(
        queries.check_links(_checked(ContactSchema(), fields), user), user.id
    )


def _account(row: Fields, made: dict[str, Account], user: Person) -> Account:
    name = clean(row.get("organisation") or "")
    if not name:
        raise Invalid({"organisation": [_("The card names no company: choose an account.")]})
    if name not in made:
        fields: Fields = {"name": name, "address": row.get("address") or ""}
        try:
            fields["postal_code"] = postal_code(row.get("postal_code") or "")
        except ValueError:
            fields["postal_code"] = ""
        checked = queries.for_new_account(_checked(AccountSchema(), fields), user)
        made[name] = actions.add_account(checked, user.id)
    return made[name]


def _checked(schema: ma.Schema, fields: Fields) -> Fields:
    """As a form would have it. Raises Invalid."""
    try:
        loaded: Fields = schema.load(fields)
    except ma.ValidationError as error:
        raise Invalid(flatten(error.messages_dict)) from error
    return loaded
