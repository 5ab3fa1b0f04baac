"""What changes of the corporate register look like from outside."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length

from crm.typed import Recorded, Schema, flag, line

MOST_BASE64 = 40 * 1024 * 1024


class RegisterProposalSchema(Recorded):
    """A change that the corporate register made to a company that is an account here.

    `kind`: renamed, moved, closed, absorbed (by `after.successor_number`), restored, numbered (the
    account has no number, and its name and address are those of `corporate_number`). `state`: open,
    accepted, rejected, superseded (overtaken by a newer one) or settled (it was so here already).
    `successor_id` is the account here of the company that absorbed it, to be merged with.
    `line` is the row of the file with the key `file_id`.
    """

    account_id = ma.fields.Integer(dump_only=True)
    corporate_number = ma.fields.String(dump_only=True)
    kind = ma.fields.String(dump_only=True)
    state = ma.fields.String(dump_only=True)
    effective_on = ma.fields.Date(dump_only=True)
    before = ma.fields.Dict(dump_only=True)
    after = ma.fields.Dict(dump_only=True)
    said = ma.fields.String(dump_only=True)
    successor_id = ma.fields.Integer(dump_only=True, allow_none=True)
    file_id = ma.fields.Integer(dump_only=True)
    line = ma.fields.Integer(dump_only=True)
    decided_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    decided_by_id = ma.fields.Integer(dump_only=True, allow_none=True)


class NewRegisterFileSchema(Schema):
    """A file of the register as the agency ships it, CSV or ZIP: its name, its content in base64.

    `whole`: it is the register as it stands and not a day's changes; name and address of every row
    are compared.
    """

    name = line(200, required=True)
    content = ma.fields.String(required=True, validate=Length(1, MOST_BASE64))
    whole = flag()


class RegisterFileSchema(Schema):
    """What a file told: all its rows by kind, how many were about accounts here, what is new.

    `problems` has the first wrong lines: number and reason.
    """

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True)
    read_at = ma.fields.AwareDateTime(required=True)
    by_id = ma.fields.Integer(allow_none=True)
    encoding = ma.fields.String()
    rows = ma.fields.Integer()
    corrections = ma.fields.Integer()
    told = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    ours = ma.fields.Integer()
    new = ma.fields.Integer()
    updated = ma.fields.Integer()
    wrong = ma.fields.Integer()
    problems = ma.fields.List(ma.fields.List(ma.fields.Raw()))
