"""Extensions of staff, queues of calls, and what a unit has of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

OWN_DAYS = ('end_of_support_on', 'parts_supply_end_on')
TEXTS = (
    ('staff', 'extension', 20), ('units', 'lot', 80), ('units', 'lessor', 120),
    ('units', 'criticality', 6), ('warranties', 'exchange', 8),
)


def upgrade() -> None:
    """Change the tables."""
    op.create_table('call_queues',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('waiting', sa.SmallInteger(), nullable=False),
    sa.Column('answering', sa.SmallInteger(), nullable=False),
    sa.Column('seats', sa.SmallInteger(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_queues')),
    sa.UniqueConstraint('name', name=op.f('uq_call_queues_name'))
    )
    for table, name, length in TEXTS:
        op.add_column(table, sa.Column(name, sa.String(length=length), server_default='', nullable=False))
    op.add_column('tickets', sa.Column('withdrawn_words', sa.JSON(), nullable=True))
    for name in OWN_DAYS:
        some = sa.text(f'{name} IS NOT NULL')
        op.add_column('units', sa.Column(name, sa.Date(), nullable=True))
        op.create_index(f'ix_units_{name}_id', 'units', [name, 'id'], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Take the change back."""
    for name in OWN_DAYS:
        op.drop_index(f'ix_units_{name}_id', 'units')
        op.drop_column('units', name)
    op.drop_column('tickets', 'withdrawn_words')
    for table, name, _length in reversed(TEXTS):
        op.drop_column(table, name)
    op.drop_table('call_queues')
