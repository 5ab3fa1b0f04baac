"""The command about the sums of the board."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from crm.deals.summing import mend
from crm.extensions import db


@click.group("deals")
def deals_group() -> None:
    """Deals, and what is kept of them."""


@deals_group.command("sums")
@with_appcontext
def sums() -> None:
    """Compare the sums of the board with the deals, and put right what differs."""
    wrong = mend()
    db.session.commit()
    click.echo(f"{wrong} sums differed from the deals and were put right." if wrong
               else "Every sum is that of its deals.")  # fmt: skip
