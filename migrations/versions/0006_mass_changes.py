"""Many records of a list changed at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Change the tables."""
    op.create_table('mass_changes',
    sa.Column('id', KEY, nullable=False),
    sa.Column('list', sa.String(length=20), nullable=False),
    sa.Column('filters', sa.JSON(), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('requested_by_id', KEY, nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['requested_by_id'], ['staff.id'], name=op.f('fk_mass_changes_requested_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mass_changes'))
    )
    op.create_index('ix_mass_changes_changed', 'mass_changes', ['updated_at', 'id'])
    op.create_index('ix_mass_changes_finished_at', 'mass_changes', ['finished_at'])
    op.create_index('ix_mass_changes_requested_by_id', 'mass_changes', ['requested_by_id', 'id'])
    op.create_table('mass_change_items',
    sa.Column('change_id', KEY, autoincrement=False, nullable=False),
    sa.Column('record_id', KEY, autoincrement=False, nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['mass_changes.id'], name=op.f('fk_mass_change_items_change_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('change_id', 'record_id', name=op.f('pk_mass_change_items'))
    )
    op.create_index('ix_mass_change_items_state', 'mass_change_items', ['change_id', 'state', 'record_id'])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('mass_change_items')
    op.drop_table('mass_changes')
