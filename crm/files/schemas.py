"""What a file looks like from outside; its content has an address of its own."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length, Range

from crm.files.models import SUBJECTS
from crm.typed import LARGEST_KEY, Schema, choice, key, line

KINDS = tuple(name.removesuffix("_id") for name in SUBJECTS)
MOST_BASE64 = 64 * 1024 * 1024


class SubjectQuery(Schema):
    """On which record: what it is, and its key."""

    on = choice(KINDS, required=True)
    record_id = ma.fields.Integer(required=True, validate=Range(1, LARGEST_KEY))


class NewFileSchema(Schema):
    """A file for one record; `content` in base64."""

    on = choice(KINDS, required=True)
    record_id = key(required=True)
    name = line(300, required=True)
    caption = line(200)
    content = ma.fields.String(required=True, validate=Length(1, MOST_BASE64))


class FileSchema(Schema):
    """A document or photo; `size` in bytes, the type is told by the content."""

    id = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    on = ma.fields.String(required=True)
    record_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    caption = ma.fields.String(required=True)
    media_type = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    sha256 = ma.fields.String(required=True)
    photo = ma.fields.Boolean(required=True)
    by_id = ma.fields.Integer(required=True, allow_none=True)
    at = ma.fields.AwareDateTime(required=True)


class FilesSchema(Schema):
    """The files on a record, newest first; at most 200."""

    items = ma.fields.List(ma.fields.Nested(FileSchema), required=True)
