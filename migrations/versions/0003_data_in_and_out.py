"""Data in and out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
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

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name_en', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('closed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('closed_cause', sa.String(length=2), server_default='', nullable=False))
        batch_op.add_column(sa.Column('successor_number', sa.String(length=13), nullable=True))
        batch_op.drop_index(batch_op.f('ix_accounts_updated_at_id'))
        batch_op.create_index('ix_accounts_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.create_index('ix_activities_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index('ix_alerts_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('attribute_definitions', schema=None) as batch_op:
        batch_op.create_index('ix_attribute_definitions_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('campaign_items', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_items_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reach_total', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reach_after', sa.BigInteger(), nullable=True))
        batch_op.create_index('ix_campaigns_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('closed_days', schema=None) as batch_op:
        batch_op.create_index('ix_closed_days_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.create_index('ix_contacts_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deals_updated_id'))
        batch_op.create_index('ix_deals_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deals_contact_id'), ['contact_id'], unique=False)

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

    with op.batch_alter_table('product_relations', schema=None) as batch_op:
        batch_op.create_index('ix_product_relations_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('products', schema=None) as batch_op:
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
        batch_op.create_index('ix_service_contracts_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('service_reports', schema=None) as batch_op:
        batch_op.create_index('ix_service_reports_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.create_index('ix_sites_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.create_index('ix_staff_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('teams', schema=None) as batch_op:
        batch_op.create_index('ix_teams_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.create_index('ix_tickets_changed', ['updated_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tickets_contact_id'), ['contact_id'], unique=False)

    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.create_index('ix_units_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index('ix_visits_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('warranties', schema=None) as batch_op:
        batch_op.create_index('ix_warranties_changed', ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('work_orders', schema=None) as batch_op:
        batch_op.create_index('ix_work_orders_changed', ['updated_at', 'id'], unique=False)
    # Entries of an older make keep answering; the background work writes them anew.
    op.execute(
        "INSERT INTO search_rebuilds (make, kind, reached, done, whole, started_at) "
        "SELECT 1, '', 0, 0, 0, CURRENT_TIMESTAMP "
        "WHERE EXISTS (SELECT 1 FROM search_entries)"
    )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('work_orders', schema=None) as batch_op:
        batch_op.drop_index('ix_work_orders_changed')

    with op.batch_alter_table('warranties', schema=None) as batch_op:
        batch_op.drop_index('ix_warranties_changed')

    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.drop_index('ix_visits_changed')

    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_index('ix_units_changed')

    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tickets_contact_id'))
        batch_op.drop_index('ix_tickets_changed')

    with op.batch_alter_table('teams', schema=None) as batch_op:
        batch_op.drop_index('ix_teams_changed')

    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.drop_index('ix_staff_changed')

    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.drop_index('ix_sites_changed')

    with op.batch_alter_table('service_reports', schema=None) as batch_op:
        batch_op.drop_index('ix_service_reports_changed')

    with op.batch_alter_table('service_contracts', schema=None) as batch_op:
        batch_op.drop_index('ix_service_contracts_changed')
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

    with op.batch_alter_table('product_relations', schema=None) as batch_op:
        batch_op.drop_index('ix_product_relations_changed')

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
        batch_op.drop_index(batch_op.f('ix_deals_contact_id'))
        batch_op.drop_index('ix_deals_changed')
        batch_op.create_index(batch_op.f('ix_deals_updated_id'), ['updated_at', 'id'], unique=False)

    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_index('ix_contacts_changed')

    with op.batch_alter_table('closed_days', schema=None) as batch_op:
        batch_op.drop_index('ix_closed_days_changed')

    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_index('ix_campaigns_changed')
        batch_op.drop_column('reach_after')
        batch_op.drop_column('reach_total')

    with op.batch_alter_table('campaign_items', schema=None) as batch_op:
        batch_op.drop_index('ix_campaign_items_changed')

    with op.batch_alter_table('attribute_definitions', schema=None) as batch_op:
        batch_op.drop_index('ix_attribute_definitions_changed')

    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_index('ix_alerts_changed')

    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.drop_index('ix_activities_changed')

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_index('ix_accounts_changed')
        batch_op.create_index(batch_op.f('ix_accounts_updated_at_id'), ['updated_at', 'id'], unique=False)
        batch_op.drop_column('successor_number')
        batch_op.drop_column('closed_cause')
        batch_op.drop_column('closed_on')
        batch_op.drop_column('name_en')

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
