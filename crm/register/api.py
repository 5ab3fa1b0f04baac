"""Changes of the corporate register for programs."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from tempfile import TemporaryDirectory

import marshmallow as ma
from flask import Response, jsonify
from flask_babel import gettext as _
from marshmallow.validate import OneOf
from werkzeug.utils import secure_filename

from crm.errors import Invalid
from crm.extensions import db
from crm.register import actions, queries
from crm.register.models import KINDS, STATES, RegisterFile, RegisterProposal
from crm.register.schemas import (
    NewRegisterFileSchema,
    RegisterFileSchema,
    RegisterProposalSchema,
)
from crm.register.taking import take
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import guard, the_user
from crm.sheets.refusals import Refusal
from crm.typed import Pressed, key

blp = blueprint("register", "Changes of the corporate register")

PROPOSALS = Collection(
    "register-proposals", "register", RegisterProposal, RegisterProposalSchema,
    queries.get_proposal,
    filters={
        "state": ma.fields.String(validate=OneOf(STATES)),
        "kind": ma.fields.String(validate=OneOf(KINDS)), "account_id": key(),
    },
    sorts=("id",), complete=queries.fill_successors,
)  # fmt: skip
collection(blp, PROPOSALS)


@blp.route("/register-proposals/<int:proposal_id>/acceptance", methods=["POST"])
@guard("edit", "register")
@blp.doc(parameters=[KEY])
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, RegisterProposalSchema)
def accept(_nothing: Fields, proposal_id: int) -> Response:
    """Write a change into its account, with its line in the history. Twice is once."""
    user = the_user()
    found = queries.get_proposal(proposal_id, user, "edit")

    def effect() -> Fields:
        actions.accept(found, user.id)
        return _shown(found)

    return once(effect, lambda _body: f"{PREFIX}/register-proposals/{proposal_id}")


@blp.route("/register-proposals/<int:proposal_id>/rejection", methods=["POST"])
@guard("edit", "register")
@blp.doc(parameters=[KEY])
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, RegisterProposalSchema)
def reject(_nothing: Fields, proposal_id: int) -> Response:
    """Say no to a change; it is not proposed again. Twice is once."""
    user = the_user()
    found = queries.get_proposal(proposal_id, user, "edit")

    def effect() -> Fields:
        actions.reject(found, user.id)
        return _shown(found)

    return once(effect, lambda _body: f"{PREFIX}/register-proposals/{proposal_id}")


def _shown(found: RegisterProposal) -> Fields:
    db.session.flush()
    return PROPOSALS.show(found, the_user())


@blp.route("/register-files", methods=["POST"])
@guard("edit", "register")
@blp.doc(parameters=[KEY])
@blp.arguments(NewRegisterFileSchema)
@document(blp, 400, 401, 403, 409, 415)
@blp.response(201, RegisterFileSchema)
def read_file(fields: Fields) -> Response:
    """Read a file of the register and propose what it means for accounts here. The same file
    twice proposes nothing twice."""
    user = the_user()

    def effect() -> Fields:
        with TemporaryDirectory() as folder:
            path = Path(folder) / (secure_filename(fields["name"]) or "register.csv")
            path.write_bytes(_content(fields["content"]))
            try:
                *_steps, read = take(path, user.id, fields.get("whole", False))
            except Refusal as error:
                raise Invalid({"content": [str(error)]}) from error
        read.name = fields["name"]
        db.session.flush()
        return _file(read)

    return once(effect, lambda body: f"{PREFIX}/register-files/{body['id']}")


@blp.route("/register-files/<int:file_id>", methods=["GET"])
@guard("view", "register")
@document(blp, 401, 403, 404)
@blp.response(200, RegisterFileSchema)
def one_file(file_id: int) -> Response:
    """What a file told when it was read last."""
    return jsonify(_file(queries.get_file(file_id, the_user())))


def _file(found: RegisterFile) -> Fields:
    shown: Fields = RegisterFileSchema().dump(found)
    return shown


def _content(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"content": [_("This is not base64.")]}) from error
