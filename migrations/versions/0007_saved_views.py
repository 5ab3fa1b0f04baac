"""Names under which lists are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table('saved_views',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('list', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_key', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('query', sa.String(length=3000), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_saved_views_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views'))
    )
    with op.batch_alter_table('saved_views', schema=None) as batch_op:
        batch_op.create_index('ix_saved_views_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('uq_saved_views_own', ['owner_id', 'list', 'name_key'], unique=True, sqlite_where=sa.text('NOT shared'), postgresql_where=sa.text('NOT shared'))
        batch_op.create_index('uq_saved_views_shared', ['list', 'name_key'], unique=True, sqlite_where=sa.text('shared'), postgresql_where=sa.text('shared'))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('saved_views', schema=None) as batch_op:
        batch_op.drop_index('uq_saved_views_shared', sqlite_where=sa.text('shared'), postgresql_where=sa.text('shared'))
        batch_op.drop_index('uq_saved_views_own', sqlite_where=sa.text('NOT shared'), postgresql_where=sa.text('NOT shared'))
        batch_op.drop_index('ix_saved_views_changed')

    op.drop_table('saved_views')
