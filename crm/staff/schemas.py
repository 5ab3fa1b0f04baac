"""What a person, a team and an office look like from outside; no secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, OneOf, Range

from crm.staff.models import DEPARTMENTS, ROLES
from crm.text.phone import EXTENSION_MOST, extension
from crm.typed import OneLine, Schema, Shape, flag, key, line


class Extension(OneLine):
    """A colleague's telephone inside the house."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        try:
            return extension(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            why = _("Digits and hyphens, at most %(n)s: 2104.", n=EXTENSION_MOST)
            raise ma.ValidationError(why) from error


class StaffSchema(Schema):
    """A person who works here."""

    id = ma.fields.Integer(dump_only=True)
    email = ma.fields.Email(required=True, validate=Length(max=254))
    name = line(100, required=True)
    name_kana = line(100)
    role = ma.fields.String(required=True, validate=OneOf(ROLES))
    team_id = key(allow_none=True)
    office_id = key(allow_none=True)
    extension = Extension(metadata={"maxLength": EXTENSION_MOST})
    active = flag()
    language = ma.fields.String(validate=OneOf(("ja", "en")))
    version = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)


class TeamSchema(Schema):
    """A team inside a division."""

    id = ma.fields.Integer(dump_only=True)
    name = line(100, required=True)
    division = line(100)
    department = ma.fields.String(validate=OneOf(DEPARTMENTS))
    office_id = key(allow_none=True)
    position = ma.fields.Integer(strict=True, validate=Range(0, 9999))
    version = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)


class OfficeSchema(Schema):
    """A place where staff work; its address and telephone stand on what it prints."""

    id = ma.fields.Integer(dump_only=True)
    name = line(100, required=True)
    postal_code = OneLine(
        validate=Shape(r"^([0-9]{3}-?[0-9]{4})?$", error=_l("A postal code, as 221-0052."))
    )
    address = line(200)
    phone = line(40)
    phone_note = line(80)
    version = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)


class SignInSchema(Schema):
    """What the sign-in form sends."""

    class Meta:
        """Other fields of the form (its token, where to go on) are not ours."""

        unknown = ma.EXCLUDE

    email = ma.fields.String(required=True, validate=Length(1, 254, error=_l("Your mail address.")))
    password = ma.fields.String(required=True, validate=Length(1, 1024))
    remember = ma.fields.String(load_default="")
