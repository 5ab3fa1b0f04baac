"""Files on records, for programs."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, make_response
from flask_babel import gettext as _

from crm.errors import Invalid, named
from crm.extensions import db
from crm.files import actions, queries
from crm.files.models import SUBJECTS, Attachment
from crm.files.schemas import FileSchema, FilesSchema, NewFileSchema, SubjectQuery
from crm.files.views import hand_out
from crm.rest import IF_MATCH, KEY, PREFIX, Fields, blueprint, document, once
from crm.rights import guard, the_user
from crm.versions import etag, require_version

COLUMNS = [column.key for column in Attachment.__table__.columns]
blp = blueprint("files", "Documents and photos on records")


def _subject(asked: Fields) -> tuple[str, int]:
    return f"{asked['on']}_id", asked["record_id"]


def _shown(one: Any) -> Fields:
    """A file (a record or a row) as the API shows it."""
    row = {name: getattr(one, name) for name in COLUMNS}
    name = next(name for name in SUBJECTS if row[name] is not None)
    shown: Fields = FileSchema().dump(
        row | {"on": name.removesuffix("_id"), "record_id": row[name]}
    )
    return shown


@blp.route("/files/about", methods=["GET"])
@guard("view", "file")
@blp.arguments(SubjectQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403, 404)
@blp.response(200, FilesSchema)
def listing(asked: Fields) -> Response:
    """The files on one record, newest first."""
    name, key = _subject(asked)
    queries.record_of(name, key, the_user())
    return jsonify({"items": [_shown(row) for row in queries.files_of(name, key)]})


@blp.route("/files", methods=["POST"])
@guard("create", "file")
@blp.doc(parameters=[KEY])
@blp.arguments(NewFileSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, FileSchema)
def add(fields: Fields) -> Response:
    """Hang a file on a record."""
    user = the_user()
    name, key = _subject(fields)
    with named("record_id"):
        subject = (name, key, queries.record_of(name, key, user, changing=True))

    def effect() -> Fields:
        content = _content(fields["content"])
        caption = fields.get("caption", "")
        made = actions.add_file(subject, fields["name"], content, caption, user.id)
        db.session.flush()
        return _shown(made)

    return once(effect, lambda body: f"{PREFIX}/files/{body['id']}")


def _content(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"content": [_("This is not base64.")]}) from error


@blp.route("/files/<int:file_id>", methods=["GET"])
@guard("view", "file")
@document(blp, 401, 403, 404)
@blp.response(200, FileSchema)
def one(file_id: int) -> Response:
    """What is known of a file."""
    found = queries.get_file(file_id, the_user())
    response = jsonify(_shown(found))
    response.headers["ETag"] = etag(found)
    return response


@blp.route("/files/<int:file_id>/content", methods=["GET"])
@guard("view", "file")
@document(blp, 401, 403, 404)
@blp.response(200, content_type="application/octet-stream")
def content(file_id: int) -> Response:
    """The file itself, to be saved."""
    return hand_out(queries.get_file(file_id, the_user()))


@blp.route("/files/<int:file_id>", methods=["DELETE"])
@guard("delete", "file")
@blp.doc(parameters=[IF_MATCH])
@document(blp, 401, 403, 404, 409, 412, 428)
@blp.response(204)
def remove(file_id: int) -> Response:
    """Take a file off its record; the line in the history stays."""
    user = the_user()
    found = queries.get_file(file_id, user, changing=True)
    require_version(found)
    on = queries.record_of(found.subject, getattr(found, found.subject), user, changing=True)
    actions.remove_file(found, on, user.id)
    db.session.commit()
    return make_response("", 204)
