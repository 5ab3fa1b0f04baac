"""What is said and told of the terms of contracts: notice, and the chain of renewals."""

from __future__ import annotations

import marshmallow as ma

from crm.installed_base.renewals import NOTICE_BY
from crm.typed import Schema, choice, day, flag, line


class ContractNoticeSchema(Schema):
    """Notice that a contract is not to be renewed: by the `customer` or by `us`, `on` which day
    (today without it), and why. `even_though_late`: it is accepted after the notice day."""

    by = choice(NOTICE_BY, required=True)
    on = day()
    reason = line(200, required=True)
    even_though_late = flag()


class ContractTermSchema(Schema):
    """One term of a chain of renewals. `gap` is the first and the last day before it that no term
    covers, `change` by how many yen a year it differs from the term before."""

    id = ma.fields.Integer(required=True)
    number = ma.fields.String(required=True)
    starts_on = ma.fields.Date(required=True)
    last_on = ma.fields.Date(required=True)
    annual_amount = ma.fields.Integer(required=True)
    gap = ma.fields.List(ma.fields.Date(), required=True, allow_none=True)
    change = ma.fields.Integer(required=True, allow_none=True)
