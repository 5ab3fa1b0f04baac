"""Advice, and an index of the search over a few entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def postgres() -> bool:
    """Is this the server?"""
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    """Change the tables."""
    op.create_table('advice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asker_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('wanted_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('word', sa.String(length=300), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=8), nullable=True),
    sa.Column('outcome_word', sa.String(length=300), nullable=False),
    sa.Column('outcome_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('CASE WHEN ticket_id IS NULL THEN 0 ELSE 1 END + CASE WHEN deal_id IS NULL THEN 0 ELSE 1 END = 1', name=op.f('ck_advice_one_case')),
    sa.ForeignKeyConstraint(['asked_id'], ['staff.id'], name=op.f('fk_advice_asked_id')),
    sa.ForeignKeyConstraint(['asker_id'], ['staff.id'], name=op.f('fk_advice_asker_id')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_advice_deal_id')),
    sa.ForeignKeyConstraint(['handed_by_id'], ['staff.id'], name=op.f('fk_advice_handed_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_advice_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advice'))
    )
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.create_index('ix_advice_asked_at_id', ['asked_at', 'id'], unique=False)
        batch_op.create_index('ix_advice_asked_id_asked_at', ['asked_id', 'asked_at', 'id'], unique=False)
        batch_op.create_index('ix_advice_asker_id_asked_at', ['asker_id', 'asked_at', 'id'], unique=False)
        batch_op.create_index('ix_advice_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('ix_advice_deal_id_id', ['deal_id', 'id'], unique=False)
        batch_op.create_index('ix_advice_open', ['asked_id', 'asked_at', 'id'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index('ix_advice_state_asked_at', ['state', 'asked_at', 'id'], unique=False)
        batch_op.create_index('ix_advice_ticket_id_id', ['ticket_id', 'id'], unique=False)
        batch_op.create_index('ix_advice_unseen', ['asker_id', 'settled_at', 'id'], unique=False, sqlite_where=sa.text("seen_at IS NULL AND state IN ('answered', 'declined', 'returned')"), postgresql_where=sa.text("seen_at IS NULL AND state IN ('answered', 'declined', 'returned')"))

    if postgres():
        op.create_index('ix_search_entries_sample', 'search_entries', ['grams'], postgresql_using='gin', postgresql_with={'gin_pending_list_limit': 64}, postgresql_where=sa.text('id < 288230376151711744'))

def downgrade() -> None:
    """Take the change back."""
    if postgres():
        op.drop_index('ix_search_entries_sample', 'search_entries')

    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.drop_index('ix_advice_unseen', sqlite_where=sa.text("seen_at IS NULL AND state IN ('answered', 'declined', 'returned')"), postgresql_where=sa.text("seen_at IS NULL AND state IN ('answered', 'declined', 'returned')"))
        batch_op.drop_index('ix_advice_ticket_id_id')
        batch_op.drop_index('ix_advice_state_asked_at')
        batch_op.drop_index('ix_advice_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_advice_deal_id_id')
        batch_op.drop_index('ix_advice_changed')
        batch_op.drop_index('ix_advice_asker_id_asked_at')
        batch_op.drop_index('ix_advice_asked_id_asked_at')
        batch_op.drop_index('ix_advice_asked_at_id')

    op.drop_table('advice')
