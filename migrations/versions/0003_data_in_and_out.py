"""Data in and out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table('deal_sums',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=False),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('rank', sa.String(length=1), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('weighted', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_sums'))
    )
    with op.batch_alter_table('deal_sums', schema=None) as batch_op:
        batch_op.create_index('ix_deal_sums_stage', ['stage', 'rank', 'team_id'], unique=False)

    op.create_table('double_rounds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accounts', sa.Integer(), nullable=False),
    sa.Column('contacts', sa.Integer(), nullable=False),
    sa.Column('proposed', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_double_rounds'))
    )
    op.create_table('removals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('collection', sa.String(length=20), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_removals'))
    )
    with op.batch_alter_table('removals', schema=None) as batch_op:
        batch_op.create_index('ix_removals_collection_removed_at', ['collection', 'removed_at', 'id'], unique=False)
        batch_op.create_index('ix_removals_removed_at_id', ['removed_at', 'id'], unique=False)

    op.create_table('search_rebuilds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('make', sa.SmallInteger(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('reached', sa.BigInteger(), nullable=False),
    sa.Column('done', sa.BigInteger(), nullable=False),
    sa.Column('whole', sa.BigInteger(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_rebuilds'))
    )
    op.create_table('spent_keys',
    sa.Column('table_name', sa.String(length=60), nullable=False),
    sa.Column('key', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('table_name', name=op.f('pk_spent_keys'))
    )
    op.create_table('webhooks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('label', sa.String(length=100), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('salt', sa.String(length=40), nullable=False),
    sa.Column('old_salt', sa.String(length=40), nullable=True),
    sa.Column('old_salt_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pause_reason', sa.String(length=8), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rest_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('busy_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhooks'))
    )
    with op.batch_alter_table('webhooks', schema=None) as batch_op:
        batch_op.create_index('ix_webhooks_changed', ['updated_at', 'id'], unique=False)

    op.create_table('campaign_traits',
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_traits_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_campaign_traits_definition_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'definition_id', name=op.f('pk_campaign_traits'))
    )
    with op.batch_alter_table('campaign_traits', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_traits_definition_id_place', ['definition_id', 'place', 'campaign_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_campaign_traits_definition_id_value', ['definition_id', 'value', 'campaign_id'], unique=False)

    op.create_table('product_traits',
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_product_traits_definition_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_traits_product_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('product_id', 'definition_id', name=op.f('pk_product_traits'))
    )
    with op.batch_alter_table('product_traits', schema=None) as batch_op:
        batch_op.create_index('ix_product_traits_definition_id_place', ['definition_id', 'place', 'product_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_product_traits_definition_id_value', ['definition_id', 'value', 'product_id'], unique=False)

    op.create_table('webhook_deliveries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('webhook_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('message_id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status', sa.SmallInteger(), nullable=True),
    sa.Column('took_ms', sa.Integer(), nullable=True),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhooks.id'], name=op.f('fk_webhook_deliveries_webhook_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_deliveries')),
    sa.UniqueConstraint('message_id', name=op.f('uq_webhook_deliveries_message_id'))
    )
    with op.batch_alter_table('webhook_deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_webhook_deliveries_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('ix_webhook_deliveries_due', ['webhook_id', 'due_at', 'id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.create_index('ix_webhook_deliveries_made_at', ['made_at'], unique=False)
        batch_op.create_index('ix_webhook_deliveries_state_id', ['state', 'id'], unique=False)
        batch_op.create_index('ix_webhook_deliveries_webhook_id_id', ['webhook_id', 'id'], unique=False)
        batch_op.create_index('ix_webhook_deliveries_webhook_id_state_id', ['webhook_id', 'state', 'id'], unique=False)

    op.create_table('doubles',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('left_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('right_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('left_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('right_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('score', sa.SmallInteger(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('again_on', sa.Date(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['staff.id'], name=op.f('fk_doubles_decided_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_doubles')),
    sa.UniqueConstraint('kind', 'left_id', 'right_id', name=op.f('uq_doubles_kind_left_id_right_id'))
    )
    with op.batch_alter_table('doubles', schema=None) as batch_op:
        batch_op.create_index('ix_doubles_found_at', ['found_at', 'id'], unique=False)
        batch_op.create_index('ix_doubles_kind_right', ['kind', 'right_id'], unique=False)
        batch_op.create_index('ix_doubles_state_score', ['state', 'score', 'id'], unique=False)

    op.create_table('exports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('format', sa.String(length=4), nullable=False),
    sa.Column('encoding', sa.String(length=6), nullable=False),
    sa.Column('columns', sa.String(length=5), nullable=False),
    sa.Column('names', sa.String(length=6), nullable=False),
    sa.Column('filters', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('requested_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=7), nullable=False),
    sa.Column('progress', sa.SmallInteger(), nullable=False),
    sa.Column('row_count', sa.BigInteger(), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('error', sa.String(length=10), nullable=True),
    sa.Column('odd', sa.JSON(), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['requested_by_id'], ['staff.id'], name=op.f('fk_exports_requested_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exports'))
    )
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.create_index('ix_exports_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('ix_exports_finished_at', ['finished_at'], unique=False)
        batch_op.create_index('ix_exports_requested_by_id', ['requested_by_id', 'id'], unique=False)

    op.create_table('import_mappings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=30).with_variant(sa.String(length=30, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('fingerprint', sa.String(length=40), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_import_mappings_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_mappings')),
    sa.UniqueConstraint('kind', 'name', name=op.f('uq_import_mappings_kind_name'))
    )
    with op.batch_alter_table('import_mappings', schema=None) as batch_op:
        batch_op.create_index('ix_import_mappings_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('ix_import_mappings_kind_fingerprint', ['kind', 'fingerprint'], unique=False)

    op.create_table('import_runs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('stored', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('encoding', sa.String(length=20), nullable=False),
    sa.Column('delimiter', sa.String(length=1), nullable=False),
    sa.Column('sheet', sa.String(length=100), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('header', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('stop', sa.Boolean(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('rows_done', sa.Integer(), nullable=False),
    sa.Column('new_count', sa.Integer(), nullable=False),
    sa.Column('changed_count', sa.Integer(), nullable=False),
    sa.Column('same_count', sa.Integer(), nullable=False),
    sa.Column('conflict_count', sa.Integer(), nullable=False),
    sa.Column('refused_count', sa.Integer(), nullable=False),
    sa.Column('junk_count', sa.Integer(), nullable=False),
    sa.Column('undone_count', sa.Integer(), nullable=False),
    sa.Column('kept_count', sa.Integer(), nullable=False),
    sa.Column('line_done', sa.Integer(), nullable=False),
    sa.Column('step_done', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('found_step', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('started_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('fresh_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['fresh_by_id'], ['staff.id'], name=op.f('fk_import_runs_fresh_by_id')),
    sa.ForeignKeyConstraint(['started_by_id'], ['staff.id'], name=op.f('fk_import_runs_started_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_runs'))
    )
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.create_index('ix_import_runs_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('ix_import_runs_started_by_id', ['started_by_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_runs_state'), ['state'], unique=False)

    op.create_table('merges',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('survivor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lost_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lost_name', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('row', sa.JSON(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('left_over', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_merges_by_id')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['staff.id'], name=op.f('fk_merges_undone_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merges'))
    )
    with op.batch_alter_table('merges', schema=None) as batch_op:
        batch_op.create_index('ix_merges_at', ['at'], unique=False)
        batch_op.create_index('ix_merges_kind_lost', ['kind', 'lost_id'], unique=False)
        batch_op.create_index('ix_merges_kind_survivor', ['kind', 'survivor_id'], unique=False)

    op.create_table('register_files',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('encoding', sa.String(length=20), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('corrections', sa.Integer(), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.Column('ours', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('wrong', sa.Integer(), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_register_files_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_files')),
    sa.UniqueConstraint('sha256', name=op.f('uq_register_files_sha256'))
    )
    with op.batch_alter_table('register_files', schema=None) as batch_op:
        batch_op.create_index('ix_register_files_changed', ['updated_at', 'id'], unique=False)

    op.create_table('account_former_names',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_kana', sa.String(length=200), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_account_former_names_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_former_names')),
    sa.UniqueConstraint('account_id', 'name', name=op.f('uq_account_former_names_account_id_name'))
    )
    op.create_table('account_traits',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_account_traits_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_account_traits_definition_id')),
    sa.PrimaryKeyConstraint('account_id', 'definition_id', name=op.f('pk_account_traits'))
    )
    with op.batch_alter_table('account_traits', schema=None) as batch_op:
        batch_op.create_index('ix_account_traits_definition_id_place', ['definition_id', 'place', 'account_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_account_traits_definition_id_value', ['definition_id', 'value', 'account_id'], unique=False)

    op.create_table('export_parts',
    sa.Column('export_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['export_id'], ['exports.id'], name=op.f('fk_export_parts_export_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('export_id', 'position', name=op.f('pk_export_parts'))
    )
    op.create_table('import_rows',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=True),
    sa.Column('label', sa.String(length=300), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=True),
    sa.Column('address', sa.String(length=80), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['import_runs.id'], name=op.f('fk_import_rows_run_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_rows'))
    )
    with op.batch_alter_table('import_rows', schema=None) as batch_op:
        batch_op.create_index('ix_import_rows_run_id_verdict_line', ['run_id', 'verdict', 'line', 'id'], unique=False)

    op.create_table('import_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30).with_variant(sa.String(length=30, collation='C'), 'postgresql'), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('what', sa.String(length=7), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('outcome', sa.String(length=6), server_default='', nullable=False),
    sa.Column('why', sa.String(length=300), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['import_runs.id'], name=op.f('fk_import_steps_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_steps'))
    )
    with op.batch_alter_table('import_steps', schema=None) as batch_op:
        batch_op.create_index('ix_import_steps_kind_record_id', ['kind', 'record_id'], unique=False)
        batch_op.create_index('ix_import_steps_run_id', ['run_id', 'id'], unique=False)

    op.create_table('merge_moves',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('merge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('table_name', sa.String(length=60), nullable=False),
    sa.Column('column_name', sa.String(length=60), nullable=False),
    sa.Column('what', sa.String(length=8), nullable=False),
    sa.Column('row_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('row', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['merge_id'], ['merges.id'], name=op.f('fk_merge_moves_merge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_moves'))
    )
    with op.batch_alter_table('merge_moves', schema=None) as batch_op:
        batch_op.create_index('ix_merge_moves_place', ['merge_id', 'table_name', 'column_name', 'row_id'], unique=False)

    op.create_table('register_proposals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('corporate_number', sa.String(length=13).with_variant(sa.String(length=13, collation='C'), 'postgresql'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('aspect', sa.String(length=6), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('rank', sa.String(length=24).with_variant(sa.String(length=24, collation='C'), 'postgresql'), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_register_proposals_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['staff.id'], name=op.f('fk_register_proposals_decided_by_id')),
    sa.ForeignKeyConstraint(['file_id'], ['register_files.id'], name=op.f('fk_register_proposals_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_proposals')),
    sa.UniqueConstraint('account_id', 'aspect', 'corporate_number', 'rank', name=op.f('uq_register_proposals_account_id_aspect_corporate_number_rank'))
    )
    with op.batch_alter_table('register_proposals', schema=None) as batch_op:
        batch_op.create_index('ix_register_proposals_account_state', ['account_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_register_proposals_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_register_proposals_file_id'), ['file_id'], unique=False)
        batch_op.create_index('ix_register_proposals_kind_id', ['kind', 'id'], unique=False)
        batch_op.create_index('ix_register_proposals_state_id', ['state', 'id'], unique=False)
        batch_op.create_index('ix_register_proposals_state_kind_id', ['state', 'kind', 'id'], unique=False)

    op.create_table('contract_traits',
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['service_contracts.id'], name=op.f('fk_contract_traits_contract_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_contract_traits_definition_id')),
    sa.PrimaryKeyConstraint('contract_id', 'definition_id', name=op.f('pk_contract_traits'))
    )
    with op.batch_alter_table('contract_traits', schema=None) as batch_op:
        batch_op.create_index('ix_contract_traits_definition_id_place', ['definition_id', 'place', 'contract_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_contract_traits_definition_id_value', ['definition_id', 'value', 'contract_id'], unique=False)

    op.create_table('site_traits',
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_site_traits_definition_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_site_traits_site_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('site_id', 'definition_id', name=op.f('pk_site_traits'))
    )
    with op.batch_alter_table('site_traits', schema=None) as batch_op:
        batch_op.create_index('ix_site_traits_definition_id_place', ['definition_id', 'place', 'site_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_site_traits_definition_id_value', ['definition_id', 'value', 'site_id'], unique=False)

    op.create_table('contact_traits',
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_contact_traits_contact_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_contact_traits_definition_id')),
    sa.PrimaryKeyConstraint('contact_id', 'definition_id', name=op.f('pk_contact_traits'))
    )
    with op.batch_alter_table('contact_traits', schema=None) as batch_op:
        batch_op.create_index('ix_contact_traits_definition_id_place', ['definition_id', 'place', 'contact_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_contact_traits_definition_id_value', ['definition_id', 'value', 'contact_id'], unique=False)

    op.create_table('deal_traits',
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_traits_deal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_deal_traits_definition_id')),
    sa.PrimaryKeyConstraint('deal_id', 'definition_id', name=op.f('pk_deal_traits'))
    )
    with op.batch_alter_table('deal_traits', schema=None) as batch_op:
        batch_op.create_index('ix_deal_traits_definition_id_place', ['definition_id', 'place', 'deal_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_deal_traits_definition_id_value', ['definition_id', 'value', 'deal_id'], unique=False)

    op.create_table('unit_dues',
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('every_days', sa.SmallInteger(), nullable=False),
    sa.Column('phase', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_dues_unit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('unit_id', 'kind', name=op.f('pk_unit_dues'))
    )
    with op.batch_alter_table('unit_dues', schema=None) as batch_op:
        batch_op.create_index('ix_unit_dues_every_days_phase', ['every_days', 'phase', 'unit_id'], unique=False)
        batch_op.create_index('ix_unit_dues_kind_due_on', ['kind', 'due_on', 'unit_id'], unique=False)

    op.create_table('activity_traits',
    sa.Column('activity_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_activity_traits_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_activity_traits_definition_id')),
    sa.PrimaryKeyConstraint('activity_id', 'definition_id', name=op.f('pk_activity_traits'))
    )
    with op.batch_alter_table('activity_traits', schema=None) as batch_op:
        batch_op.create_index('ix_activity_traits_definition_id_place', ['definition_id', 'place', 'activity_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_activity_traits_definition_id_value', ['definition_id', 'value', 'activity_id'], unique=False)

    op.create_table('ticket_traits',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_ticket_traits_definition_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_traits_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', 'definition_id', name=op.f('pk_ticket_traits'))
    )
    with op.batch_alter_table('ticket_traits', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_traits_definition_id_place', ['definition_id', 'place', 'ticket_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_ticket_traits_definition_id_value', ['definition_id', 'value', 'ticket_id'], unique=False)

    op.create_table('work_order_traits',
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_work_order_traits_definition_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_work_order_traits_work_order_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('work_order_id', 'definition_id', name=op.f('pk_work_order_traits'))
    )
    with op.batch_alter_table('work_order_traits', schema=None) as batch_op:
        batch_op.create_index('ix_work_order_traits_definition_id_place', ['definition_id', 'place', 'work_order_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.create_index('ix_work_order_traits_definition_id_value', ['definition_id', 'value', 'work_order_id'], unique=False)

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name_en', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('closed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('closed_cause', sa.String(length=2), server_default='', nullable=False))
        batch_op.add_column(sa.Column('successor_number', sa.String(length=13), nullable=True))
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.drop_index(batch_op.f('ix_accounts_updated_at_id'))
        batch_op.create_index('ix_accounts_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_index('ix_activities_at', ['at', 'id'], unique=False)
        batch_op.create_index('ix_activities_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('ix_activities_planned', ['at', 'id'], unique=False, postgresql_where=sa.text('planned'), sqlite_where=sa.text('planned IS 1'))

    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index('ix_alerts_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('attribute_definitions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('record', sa.String(length=20), server_default='unit', nullable=False))
        batch_op.add_column(sa.Column('refers_to', sa.String(length=20), server_default='', nullable=False))
        batch_op.add_column(sa.Column('searchable', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.alter_column('kind',
               existing_type=sa.VARCHAR(length=6),
               type_=sa.String(length=10),
               existing_nullable=False)
        batch_op.drop_constraint(batch_op.f('uq_attribute_definitions_category_key'), type_='unique')
        batch_op.create_index('ix_attribute_definitions_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_attribute_definitions_record_category_key'), ['record', 'category', 'key'])

    with op.batch_alter_table('campaign_items', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_items_appointed_on', ['appointed_on', 'unit_id'], unique=False, sqlite_where=sa.text('done_on IS NULL'), postgresql_where=sa.text('done_on IS NULL'))
        batch_op.create_index('ix_campaign_items_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('ix_campaign_items_waiting', ['campaign_id', 'unit_id'], unique=False, sqlite_where=sa.text('done_on IS NULL AND appointed_on IS NULL'), postgresql_where=sa.text('done_on IS NULL AND appointed_on IS NULL'))

    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reach_total', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reach_after', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_index('ix_campaigns_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('closed_days', schema=None) as batch_op:
        batch_op.create_index('ix_closed_days_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('met_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_index('ix_contacts_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('deal_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deal_lines_product_id'))
        batch_op.create_index('ix_deal_lines_product_id', ['product_id', 'deal_id'], unique=False)

    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.drop_index(batch_op.f('ix_deals_updated_id'))
        batch_op.create_index('ix_deals_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deals_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index('ix_deals_open_account_id', ['account_id', 'expected_close_on', 'id'], unique=False, sqlite_where=sa.text("stage IN ('lead', 'discovery', 'proposal', 'quotation', 'negotiation')"), postgresql_where=sa.text("stage IN ('lead', 'discovery', 'proposal', 'quotation', 'negotiation')"))

    with op.batch_alter_table('fault_codes', schema=None) as batch_op:
        batch_op.create_index('ix_fault_codes_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index('ix_handovers_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('loans', schema=None) as batch_op:
        batch_op.create_index('ix_loans_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_home_account_id'), ['home_account_id'], unique=False)

    with op.batch_alter_table('locations', schema=None) as batch_op:
        batch_op.create_index('ix_locations_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('maintenance_plans', schema=None) as batch_op:
        batch_op.create_index('ix_maintenance_plans_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('meters', schema=None) as batch_op:
        batch_op.create_index('ix_meters_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('offices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('postal_code', sa.String(length=8), server_default='', nullable=False))
        batch_op.add_column(sa.Column('address', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('phone', sa.String(length=40), server_default='', nullable=False))
        batch_op.add_column(sa.Column('phone_note', sa.String(length=80), server_default='', nullable=False))
        batch_op.create_index('ix_offices_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('plan_units', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_units_next_due_on'))
        batch_op.create_index('ix_plan_units_next_due_on', ['next_due_on', 'unit_id'], unique=False)

    with op.batch_alter_table('product_relations', schema=None) as batch_op:
        batch_op.create_index('ix_product_relations_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_index('ix_products_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('readings', schema=None) as batch_op:
        batch_op.create_index('ix_readings_changed', ['noted_at', 'id'], unique=False)

    with op.batch_alter_table('report_jobs', schema=None) as batch_op:
        batch_op.create_index('ix_report_jobs_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('search_entries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('owner_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_search_entries_account_id_id', ['account_id', 'id'], unique=False)

    with op.batch_alter_table('service_contracts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('repair_hours', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('around_the_clock', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_index('ix_service_contracts_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('service_reports', schema=None) as batch_op:
        batch_op.create_index('ix_service_reports_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_index('ix_sites_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.create_index('ix_staff_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('teams', schema=None) as batch_op:
        batch_op.create_index('ix_teams_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.drop_index(batch_op.f('ix_tickets_status_due_at_id'))
        batch_op.create_index('ix_tickets_status_due_at_id', ['status', 'due_at', 'id', 'confidential'], unique=False)
        batch_op.create_index('ix_tickets_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tickets_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index('ix_tickets_unfinished', ['assignee_id', 'confidential', 'due_at', 'id'], unique=False, sqlite_where=sa.text("status IN ('open', 'pending')"), postgresql_where=sa.text("status IN ('open', 'pending')"))
        batch_op.create_index('ix_tickets_unfinished_account_id', ['account_id', 'id'], unique=False, sqlite_where=sa.text("status IN ('open', 'pending')"), postgresql_where=sa.text("status IN ('open', 'pending')"))

    with op.batch_alter_table('unit_traits', schema=None) as batch_op:
        batch_op.add_column(sa.Column('place', sa.BigInteger(), nullable=True))
        batch_op.create_index('ix_unit_traits_definition_id_place', ['definition_id', 'place', 'unit_id'], unique=False, postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_units_warranty_ends_on'))
        batch_op.create_index('ix_units_warranty_ends_on', ['warranty_ends_on', 'id', 'status'], unique=False)
        batch_op.create_index('ix_units_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index('ix_visits_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index('ix_visits_visit_on_unit_id', ['visit_on', 'unit_id'], unique=False)

    with op.batch_alter_table('warranties', schema=None) as batch_op:
        batch_op.create_index('ix_warranties_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('work_orders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.create_index('ix_work_orders_changed', ['updated_at', 'id'], unique=False)
    _place_values()
    # Entries of an older make keep answering; the background work writes them anew.
    op.execute(
        "INSERT INTO search_rebuilds (make, kind, reached, done, whole, started_at) "
        "SELECT 1, '', 0, 0, 0, CURRENT_TIMESTAMP "
        "WHERE EXISTS (SELECT 1 FROM search_entries)"
    )


def _place_values() -> None:
    """Numbers and days of units are found by ranges: each gets its place in their order."""
    traits = sa.table("unit_traits", *map(sa.column, ("unit_id", "definition_id", "value", "place")))
    asked = sa.table("attribute_definitions", sa.column("id"), sa.column("kind"))
    found = sa.select(traits.c.unit_id, traits.c.definition_id, traits.c.value, asked.c.kind).join(
        asked, asked.c.id == traits.c.definition_id
    )
    connection = op.get_bind()
    rows = connection.execute(found.where(asked.c.kind.in_(("number", "date")))).all()
    places = [
        {
            "of_unit": row.unit_id,
            "of_definition": row.definition_id,
            "at": int(Decimal(row.value) * 10**6)
            if row.kind == "number"
            else date.fromisoformat(row.value).toordinal(),
        }
        for row in rows
    ]
    if places:
        one = sa.and_(
            traits.c.unit_id == sa.bindparam("of_unit"),
            traits.c.definition_id == sa.bindparam("of_definition"),
        )
        connection.execute(sa.update(traits).where(one).values(place=sa.bindparam("at")), places)


def downgrade() -> None:
    """Take the change back."""
    for name in ("deal_sums_came", "deal_sums_went", "deal_sums_moved"):
        on_postgres = op.get_bind().dialect.name == "postgresql"
        kind, rest = ("FUNCTION", " CASCADE") if on_postgres else ("TRIGGER", "")
        op.execute(f"DROP {kind} IF EXISTS {name}{rest}")
    with op.batch_alter_table('work_orders', schema=None) as batch_op:
        batch_op.drop_index('ix_work_orders_changed')
        batch_op.drop_column('attributes')

    with op.batch_alter_table('warranties', schema=None) as batch_op:
        batch_op.drop_index('ix_warranties_changed')

    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.drop_index('ix_visits_visit_on_unit_id')
        batch_op.drop_index('ix_visits_changed')

    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_index('ix_units_changed')
        batch_op.drop_index('ix_units_warranty_ends_on')
        batch_op.create_index(batch_op.f('ix_units_warranty_ends_on'), ['warranty_ends_on'], unique=False)

    with op.batch_alter_table('unit_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))
        batch_op.drop_column('place')

    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.drop_index('ix_tickets_unfinished_account_id', sqlite_where=sa.text("status IN ('open', 'pending')"), postgresql_where=sa.text("status IN ('open', 'pending')"))
        batch_op.drop_index('ix_tickets_unfinished', sqlite_where=sa.text("status IN ('open', 'pending')"), postgresql_where=sa.text("status IN ('open', 'pending')"))
        batch_op.drop_index(batch_op.f('ix_tickets_contact_id'))
        batch_op.drop_index('ix_tickets_changed')
        batch_op.drop_index('ix_tickets_status_due_at_id')
        batch_op.create_index(batch_op.f('ix_tickets_status_due_at_id'), ['status', 'due_at', 'id'], unique=False)
        batch_op.drop_column('attributes')

    with op.batch_alter_table('teams', schema=None) as batch_op:
        batch_op.drop_index('ix_teams_changed')

    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.drop_index('ix_staff_changed')

    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.drop_index('ix_sites_changed')
        batch_op.drop_column('attributes')

    with op.batch_alter_table('service_reports', schema=None) as batch_op:
        batch_op.drop_index('ix_service_reports_changed')

    with op.batch_alter_table('service_contracts', schema=None) as batch_op:
        batch_op.drop_index('ix_service_contracts_changed')
        batch_op.drop_column('attributes')
        batch_op.drop_column('around_the_clock')
        batch_op.drop_column('repair_hours')

    with op.batch_alter_table('search_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_search_entries_account_id_id')
        batch_op.drop_column('at')
        batch_op.drop_column('owner_id')
        batch_op.drop_column('about_id')

    with op.batch_alter_table('report_jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_report_jobs_changed')

    with op.batch_alter_table('readings', schema=None) as batch_op:
        batch_op.drop_index('ix_readings_changed')

    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.drop_index('ix_products_changed')
        batch_op.drop_column('attributes')

    with op.batch_alter_table('product_relations', schema=None) as batch_op:
        batch_op.drop_index('ix_product_relations_changed')

    with op.batch_alter_table('plan_units', schema=None) as batch_op:
        batch_op.drop_index('ix_plan_units_next_due_on')
        batch_op.create_index(batch_op.f('ix_plan_units_next_due_on'), ['next_due_on', 'id'], unique=False)

    with op.batch_alter_table('offices', schema=None) as batch_op:
        batch_op.drop_index('ix_offices_changed')
        batch_op.drop_column('phone_note')
        batch_op.drop_column('phone')
        batch_op.drop_column('address')
        batch_op.drop_column('postal_code')

    with op.batch_alter_table('meters', schema=None) as batch_op:
        batch_op.drop_index('ix_meters_changed')

    with op.batch_alter_table('maintenance_plans', schema=None) as batch_op:
        batch_op.drop_index('ix_maintenance_plans_changed')

    with op.batch_alter_table('locations', schema=None) as batch_op:
        batch_op.drop_index('ix_locations_changed')

    with op.batch_alter_table('loans', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_loans_home_account_id'))
        batch_op.drop_index('ix_loans_changed')

    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.drop_index('ix_handovers_changed')

    with op.batch_alter_table('fault_codes', schema=None) as batch_op:
        batch_op.drop_index('ix_fault_codes_changed')

    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.drop_index('ix_deals_open_account_id', sqlite_where=sa.text("stage IN ('lead', 'discovery', 'proposal', 'quotation', 'negotiation')"), postgresql_where=sa.text("stage IN ('lead', 'discovery', 'proposal', 'quotation', 'negotiation')"))
        batch_op.drop_index(batch_op.f('ix_deals_contact_id'))
        batch_op.drop_index('ix_deals_changed')
        batch_op.create_index(batch_op.f('ix_deals_updated_id'), ['updated_at', 'id'], unique=False)
        batch_op.drop_column('attributes')

    with op.batch_alter_table('deal_lines', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_lines_product_id')
        batch_op.create_index(batch_op.f('ix_deal_lines_product_id'), ['product_id'], unique=False)

    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_index('ix_contacts_changed')
        batch_op.drop_column('attributes')
        batch_op.drop_column('met_on')

    with op.batch_alter_table('closed_days', schema=None) as batch_op:
        batch_op.drop_index('ix_closed_days_changed')

    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_index('ix_campaigns_changed')
        batch_op.drop_column('attributes')
        batch_op.drop_column('reach_after')
        batch_op.drop_column('reach_total')

    with op.batch_alter_table('campaign_items', schema=None) as batch_op:
        batch_op.drop_index('ix_campaign_items_waiting', sqlite_where=sa.text('done_on IS NULL AND appointed_on IS NULL'), postgresql_where=sa.text('done_on IS NULL AND appointed_on IS NULL'))
        batch_op.drop_index('ix_campaign_items_changed')
        batch_op.drop_index('ix_campaign_items_appointed_on', sqlite_where=sa.text('done_on IS NULL'), postgresql_where=sa.text('done_on IS NULL'))

    with op.batch_alter_table('attribute_definitions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_attribute_definitions_record_category_key'), type_='unique')
        batch_op.drop_index('ix_attribute_definitions_changed')
        batch_op.create_unique_constraint(batch_op.f('uq_attribute_definitions_category_key'), ['category', 'key'])
        batch_op.alter_column('kind',
               existing_type=sa.String(length=10),
               type_=sa.VARCHAR(length=6),
               existing_nullable=False)
        batch_op.drop_column('searchable')
        batch_op.drop_column('refers_to')
        batch_op.drop_column('record')

    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_index('ix_alerts_changed')

    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.drop_index('ix_activities_planned', postgresql_where=sa.text('planned'), sqlite_where=sa.text('planned IS 1'))
        batch_op.drop_index('ix_activities_changed')
        batch_op.drop_index('ix_activities_at')
        batch_op.drop_column('attributes')

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_index('ix_accounts_changed')
        batch_op.create_index(batch_op.f('ix_accounts_updated_at_id'), ['updated_at', 'id'], unique=False)
        batch_op.drop_column('attributes')
        batch_op.drop_column('successor_number')
        batch_op.drop_column('closed_cause')
        batch_op.drop_column('closed_on')
        batch_op.drop_column('name_en')

    with op.batch_alter_table('work_order_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_work_order_traits_definition_id_value')
        batch_op.drop_index('ix_work_order_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('work_order_traits')
    with op.batch_alter_table('ticket_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_ticket_traits_definition_id_value')
        batch_op.drop_index('ix_ticket_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('ticket_traits')
    with op.batch_alter_table('activity_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_activity_traits_definition_id_value')
        batch_op.drop_index('ix_activity_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('activity_traits')
    with op.batch_alter_table('unit_dues', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_dues_kind_due_on')
        batch_op.drop_index('ix_unit_dues_every_days_phase')

    op.drop_table('unit_dues')
    with op.batch_alter_table('deal_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_traits_definition_id_value')
        batch_op.drop_index('ix_deal_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('deal_traits')
    with op.batch_alter_table('contact_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_traits_definition_id_value')
        batch_op.drop_index('ix_contact_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('contact_traits')
    with op.batch_alter_table('site_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_site_traits_definition_id_value')
        batch_op.drop_index('ix_site_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('site_traits')
    with op.batch_alter_table('contract_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_contract_traits_definition_id_value')
        batch_op.drop_index('ix_contract_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('contract_traits')
    with op.batch_alter_table('register_proposals', schema=None) as batch_op:
        batch_op.drop_index('ix_register_proposals_state_kind_id')
        batch_op.drop_index('ix_register_proposals_state_id')
        batch_op.drop_index('ix_register_proposals_kind_id')
        batch_op.drop_index(batch_op.f('ix_register_proposals_file_id'))
        batch_op.drop_index('ix_register_proposals_changed')
        batch_op.drop_index('ix_register_proposals_account_state')

    op.drop_table('register_proposals')
    with op.batch_alter_table('merge_moves', schema=None) as batch_op:
        batch_op.drop_index('ix_merge_moves_place')

    op.drop_table('merge_moves')
    with op.batch_alter_table('import_steps', schema=None) as batch_op:
        batch_op.drop_index('ix_import_steps_run_id')
        batch_op.drop_index('ix_import_steps_kind_record_id')

    op.drop_table('import_steps')
    with op.batch_alter_table('import_rows', schema=None) as batch_op:
        batch_op.drop_index('ix_import_rows_run_id_verdict_line')

    op.drop_table('import_rows')
    op.drop_table('export_parts')
    with op.batch_alter_table('account_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_account_traits_definition_id_value')
        batch_op.drop_index('ix_account_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('account_traits')
    op.drop_table('account_former_names')
    with op.batch_alter_table('register_files', schema=None) as batch_op:
        batch_op.drop_index('ix_register_files_changed')

    op.drop_table('register_files')
    with op.batch_alter_table('merges', schema=None) as batch_op:
        batch_op.drop_index('ix_merges_kind_survivor')
        batch_op.drop_index('ix_merges_kind_lost')
        batch_op.drop_index('ix_merges_at')

    op.drop_table('merges')
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_runs_state'))
        batch_op.drop_index('ix_import_runs_started_by_id')
        batch_op.drop_index('ix_import_runs_changed')

    op.drop_table('import_runs')
    with op.batch_alter_table('import_mappings', schema=None) as batch_op:
        batch_op.drop_index('ix_import_mappings_kind_fingerprint')
        batch_op.drop_index('ix_import_mappings_changed')

    op.drop_table('import_mappings')
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.drop_index('ix_exports_requested_by_id')
        batch_op.drop_index('ix_exports_finished_at')
        batch_op.drop_index('ix_exports_changed')

    op.drop_table('exports')
    with op.batch_alter_table('doubles', schema=None) as batch_op:
        batch_op.drop_index('ix_doubles_state_score')
        batch_op.drop_index('ix_doubles_kind_right')
        batch_op.drop_index('ix_doubles_found_at')

    op.drop_table('doubles')
    with op.batch_alter_table('webhook_deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_webhook_deliveries_webhook_id_state_id')
        batch_op.drop_index('ix_webhook_deliveries_webhook_id_id')
        batch_op.drop_index('ix_webhook_deliveries_state_id')
        batch_op.drop_index('ix_webhook_deliveries_made_at')
        batch_op.drop_index('ix_webhook_deliveries_due', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_webhook_deliveries_changed')

    op.drop_table('webhook_deliveries')
    with op.batch_alter_table('product_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_product_traits_definition_id_value')
        batch_op.drop_index('ix_product_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('product_traits')
    with op.batch_alter_table('campaign_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_campaign_traits_definition_id_value')
        batch_op.drop_index('ix_campaign_traits_definition_id_place', postgresql_where=sa.text('place IS NOT NULL'), sqlite_where=sa.text('place IS NOT NULL'))

    op.drop_table('campaign_traits')
    with op.batch_alter_table('webhooks', schema=None) as batch_op:
        batch_op.drop_index('ix_webhooks_changed')

    op.drop_table('webhooks')
    op.drop_table('spent_keys')
    op.drop_table('search_rebuilds')
    with op.batch_alter_table('removals', schema=None) as batch_op:
        batch_op.drop_index('ix_removals_removed_at_id')
        batch_op.drop_index('ix_removals_collection_removed_at')

    op.drop_table('removals')
    op.drop_table('double_rounds')
    with op.batch_alter_table('deal_sums', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_sums_stage')

    op.drop_table('deal_sums')
