"""What an account, a site and a contact look like from outside; forms and JSON alike."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length

from crm.accounts.models import ACCOUNT_RANKS, INFLUENCES
from crm.attributes.schemas import custom_values
from crm.typed import (
    OneLine,
    Recorded,
    Schema,
    Several,
    Shape,
    amount,
    choice,
    day,
    key,
    line,
    number,
    words,
)

MAIL = r"^$|^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,189}$"


class AlikeSchema(Schema):
    """A record that is there already and shares a key with a new one."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    reasons = ma.fields.List(ma.fields.String(), required=True)


def possible_doubles() -> ma.fields.List[Any]:
    """Told with the answer to a creation, and only there."""
    return ma.fields.List(ma.fields.Nested(AlikeSchema), dump_only=True)


class AccountSchema(Recorded):
    """A customer company. `name` is the official name, `name_kana` its reading in katakana."""

    name = line(200, required=True)
    name_kana = line(200)
    name_en = line(200)
    legal_form = ma.fields.String(dump_only=True)
    legal_form_position = ma.fields.String(dump_only=True)
    name_core = ma.fields.String(dump_only=True)
    corporate_number = line(40, allow_none=True)
    parent_id = key(allow_none=True)
    industry = line(60)
    rank = choice(ACCOUNT_RANKS, allow_none=True)
    owner_id = key(allow_none=True)
    team_id = ma.fields.Integer(dump_only=True, allow_none=True)
    service_owner_id = key(allow_none=True)
    phone = line(40)
    phone_e164 = ma.fields.String(dump_only=True, allow_none=True)
    postal_code = line(20)
    address = line(300)
    fiscal_year_end_month = number(1, 12, allow_none=True)
    credit_limit = amount(allow_none=True)
    screened_on = day(allow_none=True)
    customer_since = number(1800, 2199, allow_none=True)
    handling_note = words()
    closed_on = ma.fields.Date(dump_only=True, allow_none=True)
    closed_cause = ma.fields.String(dump_only=True)
    successor_number = ma.fields.String(dump_only=True, allow_none=True)
    attributes = custom_values()
    possible_doubles = possible_doubles()


class SiteSchema(Recorded):
    """A place of an account."""

    account_id = key(required=True)
    name = line(100, required=True)
    postal_code = line(20)
    address = line(300)
    phone = line(40)
    phone_e164 = ma.fields.String(dump_only=True, allow_none=True)
    attributes = custom_values()


class PhoneSchema(Schema):
    """One number: as typed, and as E.164."""

    number = line(40, required=True)
    extension = line(10)
    e164 = ma.fields.String(dump_only=True)


class ContactSchema(Recorded):
    """A person at an account, family name first."""

    account_id = key(required=True)
    site_id = key(allow_none=True)
    family_name = line(60, required=True)
    given_name = line(60)
    family_name_kana = line(60)
    given_name_kana = line(60)
    department = line(100)
    title = line(60)
    email = OneLine(
        validate=[Length(max=254), Shape(MAIL, error=_l("This is not a mail address."))]
    )
    influence = choice(INFLUENCES, allow_none=True)
    met_on = day(allow_none=True)
    phones = ma.fields.List(ma.fields.Nested(PhoneSchema), validate=Several(max=20))
    attributes = custom_values()
    possible_doubles = possible_doubles()
