"""Initial tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


FULL_TEXT = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_fts "
    "USING fts5(grams, tokenize='ascii', detail=none, columnsize=0)"
)


def postgres() -> bool:
    """Is this PostgreSQL, and not SQLite?"""
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    """Change the tables."""
    op.create_table('idempotency_keys',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=128), nullable=False),
    sa.Column('body_hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.SmallInteger(), nullable=False),
    sa.Column('location', sa.String(length=300), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotency_keys')),
    sa.UniqueConstraint('staff_id', 'key', name=op.f('uq_idempotency_keys_staff_id_key'))
    )
    with op.batch_alter_table('idempotency_keys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotency_keys_at'), ['at'], unique=False)

    op.create_table('import_keys',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('kind', sa.String(length=20).with_variant(sa.String(length=20, collation='C'), 'postgresql'), nullable=False),
    sa.Column('key', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_keys')),
    sa.UniqueConstraint('source', 'kind', 'key', name=op.f('uq_import_keys_source_kind_key'))
    )
    with op.batch_alter_table('import_keys', schema=None) as batch_op:
        batch_op.create_index('ix_import_keys_kind_record_id', ['kind', 'record_id'], unique=False)

    op.create_table('offices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offices')),
    sa.UniqueConstraint('name', name=op.f('uq_offices_name'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('dedupe', sa.String(length=160), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('lane', sa.String(length=5), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_token', sa.String(length=32), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dead_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('dedupe', name=op.f('uq_outbox_dedupe'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_waiting', ['lane', 'run_at', 'id'], unique=False, sqlite_where=sa.text('done_at IS NULL AND dead_at IS NULL'), postgresql_where=sa.text('done_at IS NULL AND dead_at IS NULL'))

    op.create_table('products',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('code_key', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_kana', sa.String(length=200), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('maker', sa.String(length=100), nullable=False),
    sa.Column('installable', sa.Boolean(), nullable=False),
    sa.Column('serialised', sa.Boolean(), nullable=False),
    sa.Column('list_price', sa.BigInteger(), nullable=True),
    sa.Column('maintenance_price', sa.BigInteger(), nullable=True),
    sa.Column('warranty_months', sa.SmallInteger(), nullable=True),
    sa.Column('expected_life_months', sa.SmallInteger(), nullable=True),
    sa.Column('inspection_interval_months', sa.SmallInteger(), nullable=True),
    sa.Column('consumable_cycle_days', sa.SmallInteger(), nullable=True),
    sa.Column('end_of_sale_on', sa.Date(), nullable=True),
    sa.Column('end_of_support_on', sa.Date(), nullable=True),
    sa.Column('parts_supply_end_on', sa.Date(), nullable=True),
    sa.Column('successor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['successor_id'], ['products.id'], name=op.f('fk_products_successor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_products')),
    sa.UniqueConstraint('code', name=op.f('uq_products_code'))
    )
    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_products_code_key'), ['code_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_products_end_of_support_on'), ['end_of_support_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_products_parts_supply_end_on'), ['parts_supply_end_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_products_successor_id'), ['successor_id'], unique=False)

    op.create_table('search_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('record_id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('sublabel', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('label_key', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('grams', sa.ARRAY(sa.Integer()).with_variant(sa.Text(), 'sqlite'), nullable=True),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entries'))
    )
    with op.batch_alter_table('search_entries', schema=None) as batch_op:
        batch_op.create_index('ix_search_entries_label_key_id', ['label_key', 'id'], unique=False)

    if postgres():
        op.create_index('ix_search_entries_grams', 'search_entries', ['grams'], postgresql_using='gin', postgresql_with={'gin_pending_list_limit': 256})
    else:
        op.execute(FULL_TEXT)
    op.create_table('stage_paces',
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('median_days', sa.Integer(), nullable=False),
    sa.Column('stays', sa.Integer(), nullable=False),
    sa.Column('measured_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('stage', name=op.f('pk_stage_paces'))
    )
    op.create_table('product_relations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('other_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('product_id <> other_id', name=op.f('ck_product_relations_not_to_itself')),
    sa.ForeignKeyConstraint(['other_id'], ['products.id'], name=op.f('fk_product_relations_other_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_relations_product_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_relations')),
    sa.UniqueConstraint('product_id', 'kind', 'other_id', name=op.f('uq_product_relations_product_id_kind_other_id'))
    )
    with op.batch_alter_table('product_relations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_product_relations_other_id'), ['other_id'], unique=False)

    op.create_table('search_handlers',
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('handler', sa.String(length=30), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['search_entries.id'], name=op.f('fk_search_handlers_entry_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', 'handler', name=op.f('pk_search_handlers'))
    )
    op.create_table('search_identifiers',
    sa.Column('key', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['search_entries.id'], name=op.f('fk_search_identifiers_entry_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key', 'entry_id', name=op.f('pk_search_identifiers'))
    )
    with op.batch_alter_table('search_identifiers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_identifiers_entry_id'), ['entry_id'], unique=False)

    op.create_table('teams',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('division', sa.String(length=100), nullable=False),
    sa.Column('department', sa.String(length=20), nullable=False),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['offices.id'], name=op.f('fk_teams_office_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_teams')),
    sa.UniqueConstraint('name', name=op.f('uq_teams_name'))
    )
    op.create_table('staff',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('name_kana', sa.String(length=100), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('theme', sa.String(length=5), nullable=False),
    sa.Column('single_keys', sa.Boolean(), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['offices.id'], name=op.f('fk_staff_office_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_staff_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_email'))
    )
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_team_id'), ['team_id'], unique=False)

    op.create_table('accounts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_kana', sa.String(length=200), nullable=False),
    sa.Column('legal_form', sa.String(length=30), nullable=False),
    sa.Column('legal_form_position', sa.String(length=6), nullable=False),
    sa.Column('name_core', sa.String(length=200), nullable=False),
    sa.Column('name_key', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=False),
    sa.Column('kana_key', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=False),
    sa.Column('corporate_number', sa.String(length=13), nullable=True),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('industry', sa.String(length=60), nullable=False),
    sa.Column('rank', sa.String(length=1), nullable=True),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('service_owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('phone_e164', sa.String(length=20).with_variant(sa.String(length=20, collation='C'), 'postgresql'), nullable=True),
    sa.Column('postal_code', sa.String(length=8), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('fiscal_year_end_month', sa.SmallInteger(), nullable=True),
    sa.Column('credit_limit', sa.BigInteger(), nullable=True),
    sa.Column('screened_on', sa.Date(), nullable=True),
    sa.Column('customer_since', sa.SmallInteger(), nullable=True),
    sa.Column('handling_note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_accounts_owner_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['accounts.id'], name=op.f('fk_accounts_parent_id')),
    sa.ForeignKeyConstraint(['service_owner_id'], ['staff.id'], name=op.f('fk_accounts_service_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_accounts_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('corporate_number', name=op.f('uq_accounts_corporate_number'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.create_index('ix_accounts_industry_kana_key', ['industry', 'kana_key', 'id'], unique=False)
        batch_op.create_index('ix_accounts_kana_key_id', ['kana_key', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounts_name_key'), ['name_key'], unique=False)
        batch_op.create_index('ix_accounts_owner_id_kana_key', ['owner_id', 'kana_key', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounts_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounts_phone_e164'), ['phone_e164'], unique=False)
        batch_op.create_index('ix_accounts_team_id_kana_key', ['team_id', 'kana_key', 'id'], unique=False)
        batch_op.create_index('ix_accounts_updated_at_id', ['updated_at', 'id'], unique=False)

    op.create_table('api_tokens',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('scope', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_api_tokens_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_tokens_token_hash'))
    )
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_tokens_staff_id'), ['staff_id'], unique=False)

    op.create_table('call_drafts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_call_drafts_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_drafts'))
    )
    with op.batch_alter_table('call_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_drafts_staff_id'), ['staff_id'], unique=False)

    op.create_table('report_jobs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('requested_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('progress', sa.SmallInteger(), nullable=False),
    sa.Column('error', sa.String(length=20), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['requested_by_id'], ['staff.id'], name=op.f('fk_report_jobs_requested_by_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_report_jobs_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_jobs'))
    )
    with op.batch_alter_table('report_jobs', schema=None) as batch_op:
        batch_op.create_index('ix_report_jobs_requested_by_id', ['requested_by_id', 'id'], unique=False)
        batch_op.create_index('ix_report_jobs_team_id', ['team_id', 'id'], unique=False)

    op.create_table('sales_targets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_sales_targets_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_targets')),
    sa.UniqueConstraint('staff_id', 'month', name=op.f('uq_sales_targets_staff_id_month'))
    )
    op.create_table('sign_ins',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_sign_ins_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ins')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_ins_token_hash'))
    )
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_ins_staff_id'), ['staff_id'], unique=False)

    op.create_table('events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('subject_type', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('restricted', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_events_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_events_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events'))
    )
    op.create_index('ix_events_account_at', 'events', ['account_id', sa.text('at DESC'), sa.text('id DESC'), 'kind'])
    op.create_index('ix_events_subject', 'events', ['subject_type', 'subject_id', sa.text('id DESC')])
    op.create_table('report_files',
    sa.Column('job_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['report_jobs.id'], name=op.f('fk_report_files_job_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', name=op.f('pk_report_files'))
    )
    op.create_table('service_contracts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan', sa.String(length=60), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('notice_days', sa.SmallInteger(), nullable=False),
    sa.Column('auto_renew', sa.Boolean(), nullable=False),
    sa.Column('annual_amount', sa.BigInteger(), nullable=False),
    sa.Column('response_hours', sa.SmallInteger(), nullable=True),
    sa.Column('cancelled_on', sa.Date(), nullable=True),
    sa.Column('labour_percent', sa.SmallInteger(), nullable=False),
    sa.Column('travel_percent', sa.SmallInteger(), nullable=False),
    sa.Column('parts_percent', sa.SmallInteger(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_service_contracts_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_contracts')),
    sa.UniqueConstraint('number', name=op.f('uq_service_contracts_number'))
    )
    with op.batch_alter_table('service_contracts', schema=None) as batch_op:
        batch_op.create_index('ix_service_contracts_account_id', ['account_id', 'id'], unique=False)
        batch_op.create_index('ix_service_contracts_ends_on', ['ends_on', 'id'], unique=False)

    op.create_table('sites',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('postal_code', sa.String(length=8), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('phone_e164', sa.String(length=20).with_variant(sa.String(length=20, collation='C'), 'postgresql'), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sites_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sites'))
    )
    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sites_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sites_phone_e164'), ['phone_e164'], unique=False)

    op.create_table('contacts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('family_name', sa.String(length=60), nullable=False),
    sa.Column('given_name', sa.String(length=60), nullable=False),
    sa.Column('family_name_kana', sa.String(length=60), nullable=False),
    sa.Column('given_name_kana', sa.String(length=60), nullable=False),
    sa.Column('kana_key', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('department', sa.String(length=100), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254).with_variant(sa.String(length=254, collation='C'), 'postgresql'), nullable=True),
    sa.Column('influence', sa.String(length=12), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_contacts_account_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_contacts_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contacts_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contacts_email_key'), ['email_key'], unique=False)
        batch_op.create_index('ix_contacts_kana_key_id', ['kana_key', 'id'], unique=False)

    op.create_table('contract_scopes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['service_contracts.id'], name=op.f('fk_contract_scopes_contract_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_contract_scopes_product_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_contract_scopes_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_scopes'))
    )
    with op.batch_alter_table('contract_scopes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_scopes_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_scopes_product_id'), ['product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_scopes_site_id'), ['site_id'], unique=False)

    op.create_table('maintenance_plans',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('work_kind', sa.String(length=14), nullable=False),
    sa.Column('rule', sa.String(length=8), nullable=False),
    sa.Column('period', sa.String(length=6), nullable=False),
    sa.Column('every', sa.SmallInteger(), nullable=False),
    sa.Column('first_due_on', sa.Date(), nullable=False),
    sa.Column('horizon_days', sa.SmallInteger(), nullable=False),
    sa.Column('assignee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_maintenance_plans_account_id')),
    sa.ForeignKeyConstraint(['assignee_id'], ['staff.id'], name=op.f('fk_maintenance_plans_assignee_id')),
    sa.ForeignKeyConstraint(['contract_id'], ['service_contracts.id'], name=op.f('fk_maintenance_plans_contract_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance_plans'))
    )
    with op.batch_alter_table('maintenance_plans', schema=None) as batch_op:
        batch_op.create_index('ix_maintenance_plans_account_id', ['account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_maintenance_plans_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_maintenance_plans_contract_id'), ['contract_id'], unique=False)

    op.create_table('units',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('serial_no', sa.String(length=80), nullable=False),
    sa.Column('serial_key', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('location', sa.String(length=100), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('ownership', sa.String(length=10), nullable=False),
    sa.Column('lease_ends_on', sa.Date(), nullable=True),
    sa.Column('delivered_on', sa.Date(), nullable=True),
    sa.Column('installed_on', sa.Date(), nullable=True),
    sa.Column('accepted_on', sa.Date(), nullable=True),
    sa.Column('warranty_ends_on', sa.Date(), nullable=True),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('is_competitor', sa.Boolean(), nullable=False),
    sa.Column('sold_by_us', sa.Boolean(), nullable=False),
    sa.Column('produced_on', sa.Date(), nullable=True),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('replaces_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('end_user_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_units_account_id')),
    sa.ForeignKeyConstraint(['end_user_account_id'], ['accounts.id'], name=op.f('fk_units_end_user_account_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['units.id'], name=op.f('fk_units_parent_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_units_product_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['units.id'], name=op.f('fk_units_replaces_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_units_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_units')),
    sa.UniqueConstraint('product_id', 'serial_key', name=op.f('uq_units_product_id_serial_key')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_units_replaces_id'))
    )
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.create_index('ix_units_account_id_id', ['account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_units_end_user_account_id'), ['end_user_account_id'], unique=False)
        batch_op.create_index('ix_units_installed_on_id', ['installed_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_units_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index('ix_units_serial_key_id', ['serial_key', 'id'], unique=False)
        batch_op.create_index('ix_units_warranty_ends_on', ['warranty_ends_on'], unique=False)

    op.create_table('contact_phones',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('e164', sa.String(length=20).with_variant(sa.String(length=20, collation='C'), 'postgresql'), nullable=True),
    sa.Column('extension', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_contact_phones_contact_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_phones'))
    )
    with op.batch_alter_table('contact_phones', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_phones_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_phones_e164'), ['e164'], unique=False)

    op.create_table('contract_units',
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['service_contracts.id'], name=op.f('fk_contract_units_contract_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_contract_units_unit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('contract_id', 'unit_id', name=op.f('pk_contract_units'))
    )
    with op.batch_alter_table('contract_units', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_units_unit_id'), ['unit_id'], unique=False)

    op.create_table('deals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('stage_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rank', sa.String(length=1), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('gross_profit', sa.BigInteger(), nullable=True),
    sa.Column('expected_close_on', sa.Date(), nullable=True),
    sa.Column('revenue_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('next_step', sa.String(length=200), nullable=False),
    sa.Column('next_step_on', sa.Date(), nullable=True),
    sa.Column('next_step_kind', sa.String(length=12), nullable=True),
    sa.Column('next_step_time', sa.String(length=5), nullable=True),
    sa.Column('next_step_promised', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('origin', sa.String(length=10), nullable=False),
    sa.Column('from_alert_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('competitor', sa.String(length=100), nullable=False),
    sa.Column('competitor_note', sa.Text(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('last_activity_on', sa.Date(), nullable=True),
    sa.Column('won_reason', sa.String(length=200), nullable=False),
    sa.Column('lost_reason', sa.String(length=12), nullable=True),
    sa.Column('lost_reason_own', sa.String(length=200), nullable=False),
    sa.Column('revisit_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_deals_account_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_deals_contact_id')),
    *([] if postgres() else [sa.ForeignKeyConstraint(['from_alert_id'], ['alerts.id'], name='fk_deals_from_alert_id')]),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_deals_owner_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_deals_site_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_deals_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deals')),
    sa.UniqueConstraint('from_alert_id', name=op.f('uq_deals_from_alert_id'))
    )
    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.create_index('ix_deals_account_id', ['account_id', 'id'], unique=False)
        batch_op.create_index('ix_deals_amount_id', ['amount', 'id'], unique=False)
        batch_op.create_index('ix_deals_expected_id', ['expected_close_on', 'id'], unique=False)
        batch_op.create_index('ix_deals_owner_closed', ['owner_id', 'closed_on'], unique=False)
        batch_op.create_index('ix_deals_owner_expected', ['owner_id', 'expected_close_on', 'id'], unique=False)
        batch_op.create_index('ix_deals_owner_next_step', ['owner_id', 'next_step_on', 'id'], unique=False)
        batch_op.create_index('ix_deals_owner_stage', ['owner_id', 'stage', 'expected_close_on', 'id', 'rank', 'amount'], unique=False)
        batch_op.create_index('ix_deals_stage_expected', ['stage', 'expected_close_on', 'id', 'rank', 'amount'], unique=False)
        batch_op.create_index('ix_deals_team_expected', ['team_id', 'expected_close_on', 'id'], unique=False)
        batch_op.create_index('ix_deals_team_stage', ['team_id', 'stage', 'expected_close_on', 'id', 'rank', 'amount'], unique=False)
        batch_op.create_index('ix_deals_updated_id', ['updated_at', 'id'], unique=False)

    op.create_table('plan_units',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('next_due_on', sa.Date(), nullable=True),
    sa.Column('wakes_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['plan_id'], ['maintenance_plans.id'], name=op.f('fk_plan_units_plan_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_plan_units_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_units')),
    sa.UniqueConstraint('plan_id', 'unit_id', name=op.f('uq_plan_units_plan_id_unit_id'))
    )
    with op.batch_alter_table('plan_units', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_units_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('ix_plan_units_wakes_on', ['wakes_on', 'id'], unique=False)

    op.create_table('tickets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('channel', sa.String(length=6), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('voice', sa.Text(), nullable=False),
    sa.Column('category', sa.String(length=12), nullable=False),
    sa.Column('symptom', sa.String(length=100), nullable=False),
    sa.Column('severity', sa.String(length=8), nullable=False),
    sa.Column('status', sa.String(length=8), nullable=False),
    sa.Column('assignee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('opened_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_response_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('solved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolution', sa.Text(), nullable=False),
    sa.Column('entitlement', sa.JSON(), nullable=True),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_tickets_account_id')),
    sa.ForeignKeyConstraint(['assignee_id'], ['staff.id'], name=op.f('fk_tickets_assignee_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_tickets_contact_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['staff.id'], name=op.f('fk_tickets_opened_by_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_tickets_site_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_tickets_team_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_tickets_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets'))
    )
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.create_index('ix_tickets_account_id_id', ['account_id', 'id'], unique=False)
        batch_op.create_index('ix_tickets_assignee_id_status', ['assignee_id', 'status', 'id'], unique=False)
        batch_op.create_index('ix_tickets_confidential_id', ['confidential', 'id'], unique=False)
        batch_op.create_index('ix_tickets_due_at_id', ['due_at', 'id'], unique=False)
        batch_op.create_index('ix_tickets_opened_at_id', ['opened_at', 'id'], unique=False)
        batch_op.create_index('ix_tickets_secret_assignee_id', ['assignee_id', 'id'], unique=False, sqlite_where=sa.text('confidential IS 1'), postgresql_where=sa.text('confidential IS true'))
        batch_op.create_index('ix_tickets_secret_opened_by_id', ['opened_by_id', 'id'], unique=False, sqlite_where=sa.text('confidential IS 1'), postgresql_where=sa.text('confidential IS true'))
        batch_op.create_index('ix_tickets_secret_team_id', ['team_id', 'id'], unique=False, sqlite_where=sa.text('confidential IS 1'), postgresql_where=sa.text('confidential IS true'))
        batch_op.create_index('ix_tickets_status_due_at_id', ['status', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_tickets_status_id', ['status', 'id'], unique=False)
        batch_op.create_index('ix_tickets_unit_id_id', ['unit_id', 'id'], unique=False)

    op.create_table('unit_states',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('location', sa.String(length=100), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('ownership', sa.String(length=10), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('end_user_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_unit_states_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_unit_states_by_id')),
    sa.ForeignKeyConstraint(['end_user_account_id'], ['accounts.id'], name=op.f('fk_unit_states_end_user_account_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['units.id'], name=op.f('fk_unit_states_parent_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_unit_states_site_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_states_unit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_states'))
    )
    with op.batch_alter_table('unit_states', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_states_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_states_end_user_account_id'), ['end_user_account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_states_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_states_site_id'), ['site_id'], unique=False)
        batch_op.create_index('ix_unit_states_unit_id_from_on', ['unit_id', 'from_on', 'id'], unique=False)

    op.create_table('activities',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('planned', sa.Boolean(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('result', sa.String(length=20), nullable=False),
    sa.Column('next_step', sa.String(length=200), nullable=False),
    sa.Column('promised', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_activities_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_activities_by_id')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_activities_deal_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_activities_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activities'))
    )
    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.create_index('ix_activities_account_id_at', ['account_id', 'at', 'id'], unique=False)
        batch_op.create_index('ix_activities_by_id_at', ['by_id', 'at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_activities_deal_id'), ['deal_id'], unique=False)

    op.create_table('alerts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule', sa.String(length=8), nullable=False),
    sa.Column('rule_version', sa.SmallInteger(), nullable=False),
    sa.Column('dedupe', sa.String(length=120), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.JSON(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('voice', sa.Text(), nullable=False),
    sa.Column('offer', sa.JSON(), nullable=False),
    sa.Column('estimated_value', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('snoozed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('dismissal', sa.String(length=16), nullable=True),
    sa.Column('dismissal_note', sa.String(length=300), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_alerts_account_id')),
    sa.ForeignKeyConstraint(['contract_id'], ['service_contracts.id'], name=op.f('fk_alerts_contract_id')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_alerts_deal_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['staff.id'], name=op.f('fk_alerts_decided_by_id')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_alerts_event_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_alerts_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_alerts_team_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_alerts_ticket_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_alerts_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts')),
    sa.UniqueConstraint('dedupe', name=op.f('uq_alerts_dedupe'))
    )
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index('ix_alerts_account_id', ['account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_alerts_deal_id'), ['deal_id'], unique=False)
        batch_op.create_index('ix_alerts_owner_state', ['owner_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_alerts_rule_raised', ['rule', 'rule_version', 'raised_at'], unique=False)
        batch_op.create_index('ix_alerts_subject_rule', ['subject', 'rule'], unique=False)
        batch_op.create_index('ix_alerts_team_state', ['team_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_alerts_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_alerts_unit_id'), ['unit_id'], unique=False)

    op.create_table('deal_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('stage_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rank', sa.String(length=1), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('expected_close_on', sa.Date(), nullable=True),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('team_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_deal_changes_by_id')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_changes_deal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_deal_changes_owner_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_deal_changes_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_changes'))
    )
    with op.batch_alter_table('deal_changes', schema=None) as batch_op:
        batch_op.create_index('ix_deal_changes_at', ['at', 'id'], unique=False)
        batch_op.create_index('ix_deal_changes_deal_id_at', ['deal_id', 'at', 'id'], unique=False)

    op.create_table('deal_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('description', sa.String(length=200), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price', sa.BigInteger(), nullable=False),
    sa.Column('unit_cost', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_lines_deal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_deal_lines_product_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_lines'))
    )
    with op.batch_alter_table('deal_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deal_lines_deal_id'), ['deal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deal_lines_product_id'), ['product_id'], unique=False)

    op.create_table('deal_units',
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_deal_units_deal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_deal_units_unit_id')),
    sa.PrimaryKeyConstraint('deal_id', 'unit_id', name=op.f('pk_deal_units'))
    )
    with op.batch_alter_table('deal_units', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deal_units_unit_id'), ['unit_id'], unique=False)

    op.create_table('ticket_notes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_ticket_notes_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_notes_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_notes'))
    )
    with op.batch_alter_table('ticket_notes', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_notes_ticket_id_id', ['ticket_id', 'id'], unique=False)

    op.create_table('ticket_pauses',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_pauses_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_pauses'))
    )
    with op.batch_alter_table('ticket_pauses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_pauses_ticket_id'), ['ticket_id'], unique=False)

    op.create_table('work_orders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(length=14), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('symptom', sa.String(length=200), nullable=False),
    sa.Column('cause', sa.String(length=200), nullable=False),
    sa.Column('action', sa.String(length=200), nullable=False),
    sa.Column('labour_amount', sa.BigInteger(), nullable=False),
    sa.Column('travel_amount', sa.BigInteger(), nullable=False),
    sa.Column('parts_amount', sa.BigInteger(), nullable=False),
    sa.Column('chargeable', sa.Boolean(), nullable=False),
    sa.Column('charge_reason', sa.String(length=200), nullable=False),
    sa.Column('downtime_minutes', sa.Integer(), nullable=True),
    sa.Column('assignee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_work_orders_account_id')),
    sa.ForeignKeyConstraint(['assignee_id'], ['staff.id'], name=op.f('fk_work_orders_assignee_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_work_orders_ticket_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_work_orders_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_orders'))
    )
    with op.batch_alter_table('work_orders', schema=None) as batch_op:
        batch_op.create_index('ix_work_orders_account_id', ['account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_orders_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_orders_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index('ix_work_orders_unit_id_opened_on', ['unit_id', 'opened_on', 'id'], unique=False)

    op.create_table('activity_contacts',
    sa.Column('activity_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_activity_contacts_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_activity_contacts_contact_id')),
    sa.PrimaryKeyConstraint('activity_id', 'contact_id', name=op.f('pk_activity_contacts'))
    )
    with op.batch_alter_table('activity_contacts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_contacts_contact_id'), ['contact_id'], unique=False)

    op.create_table('visits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('visit_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=7), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('assignee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assignee_id'], ['staff.id'], name=op.f('fk_visits_assignee_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['maintenance_plans.id'], name=op.f('fk_visits_plan_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_visits_unit_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_visits_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits')),
    sa.UniqueConstraint('plan_id', 'unit_id', 'due_on', name=op.f('uq_visits_plan_id_unit_id_due_on')),
    sa.UniqueConstraint('work_order_id', name=op.f('uq_visits_work_order_id'))
    )
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index('ix_visits_assignee_id_visit_on', ['assignee_id', 'visit_on', 'id'], unique=False)
        batch_op.create_index('ix_visits_unit_id_visit_on', ['unit_id', 'visit_on', 'id'], unique=False)
        batch_op.create_index('ix_visits_visit_on', ['visit_on', 'id'], unique=False)

    if postgres():
        op.create_foreign_key('fk_deals_from_alert_id', 'deals', 'alerts', ['from_alert_id'], ['id'])


def downgrade() -> None:
    """Take the change back."""
    if postgres():
        op.drop_constraint('fk_deals_from_alert_id', 'deals', type_='foreignkey')
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.drop_index('ix_visits_visit_on')
        batch_op.drop_index('ix_visits_unit_id_visit_on')
        batch_op.drop_index('ix_visits_assignee_id_visit_on')

    op.drop_table('visits')
    with op.batch_alter_table('activity_contacts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activity_contacts_contact_id'))

    op.drop_table('activity_contacts')
    with op.batch_alter_table('work_orders', schema=None) as batch_op:
        batch_op.drop_index('ix_work_orders_unit_id_opened_on')
        batch_op.drop_index(batch_op.f('ix_work_orders_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_work_orders_assignee_id'))
        batch_op.drop_index('ix_work_orders_account_id')

    op.drop_table('work_orders')
    with op.batch_alter_table('ticket_pauses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_pauses_ticket_id'))

    op.drop_table('ticket_pauses')
    with op.batch_alter_table('ticket_notes', schema=None) as batch_op:
        batch_op.drop_index('ix_ticket_notes_ticket_id_id')

    op.drop_table('ticket_notes')
    with op.batch_alter_table('deal_units', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deal_units_unit_id'))

    op.drop_table('deal_units')
    with op.batch_alter_table('deal_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deal_lines_product_id'))
        batch_op.drop_index(batch_op.f('ix_deal_lines_deal_id'))

    op.drop_table('deal_lines')
    with op.batch_alter_table('deal_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_changes_deal_id_at')
        batch_op.drop_index('ix_deal_changes_at')

    op.drop_table('deal_changes')
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alerts_unit_id'))
        batch_op.drop_index(batch_op.f('ix_alerts_ticket_id'))
        batch_op.drop_index('ix_alerts_team_state')
        batch_op.drop_index('ix_alerts_subject_rule')
        batch_op.drop_index('ix_alerts_rule_raised')
        batch_op.drop_index('ix_alerts_owner_state')
        batch_op.drop_index(batch_op.f('ix_alerts_deal_id'))
        batch_op.drop_index('ix_alerts_account_id')

    op.drop_table('alerts')
    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activities_deal_id'))
        batch_op.drop_index('ix_activities_by_id_at')
        batch_op.drop_index('ix_activities_account_id_at')

    op.drop_table('activities')
    with op.batch_alter_table('unit_states', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_states_unit_id_from_on')
        batch_op.drop_index(batch_op.f('ix_unit_states_site_id'))
        batch_op.drop_index(batch_op.f('ix_unit_states_parent_id'))
        batch_op.drop_index(batch_op.f('ix_unit_states_end_user_account_id'))
        batch_op.drop_index(batch_op.f('ix_unit_states_account_id'))

    op.drop_table('unit_states')
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.drop_index('ix_tickets_unit_id_id')
        batch_op.drop_index('ix_tickets_status_id')
        batch_op.drop_index('ix_tickets_status_due_at_id')
        batch_op.drop_index('ix_tickets_secret_team_id', sqlite_where=sa.text('confidential IS 1'), postgresql_where=sa.text('confidential IS true'))
        batch_op.drop_index('ix_tickets_secret_opened_by_id', sqlite_where=sa.text('confidential IS 1'), postgresql_where=sa.text('confidential IS true'))
        batch_op.drop_index('ix_tickets_secret_assignee_id', sqlite_where=sa.text('confidential IS 1'), postgresql_where=sa.text('confidential IS true'))
        batch_op.drop_index('ix_tickets_opened_at_id')
        batch_op.drop_index('ix_tickets_due_at_id')
        batch_op.drop_index('ix_tickets_confidential_id')
        batch_op.drop_index('ix_tickets_assignee_id_status')
        batch_op.drop_index('ix_tickets_account_id_id')

    op.drop_table('tickets')
    with op.batch_alter_table('plan_units', schema=None) as batch_op:
        batch_op.drop_index('ix_plan_units_wakes_on')
        batch_op.drop_index(batch_op.f('ix_plan_units_unit_id'))

    op.drop_table('plan_units')
    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.drop_index('ix_deals_updated_id')
        batch_op.drop_index('ix_deals_team_stage')
        batch_op.drop_index('ix_deals_team_expected')
        batch_op.drop_index('ix_deals_stage_expected')
        batch_op.drop_index('ix_deals_owner_stage')
        batch_op.drop_index('ix_deals_owner_next_step')
        batch_op.drop_index('ix_deals_owner_expected')
        batch_op.drop_index('ix_deals_owner_closed')
        batch_op.drop_index('ix_deals_expected_id')
        batch_op.drop_index('ix_deals_amount_id')
        batch_op.drop_index('ix_deals_account_id')

    op.drop_table('deals')
    with op.batch_alter_table('contract_units', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_units_unit_id'))

    op.drop_table('contract_units')
    with op.batch_alter_table('contact_phones', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_phones_e164'))
        batch_op.drop_index(batch_op.f('ix_contact_phones_contact_id'))

    op.drop_table('contact_phones')
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_index('ix_units_warranty_ends_on')
        batch_op.drop_index('ix_units_serial_key_id')
        batch_op.drop_index(batch_op.f('ix_units_parent_id'))
        batch_op.drop_index('ix_units_installed_on_id')
        batch_op.drop_index(batch_op.f('ix_units_end_user_account_id'))
        batch_op.drop_index('ix_units_account_id_id')

    op.drop_table('units')
    with op.batch_alter_table('maintenance_plans', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_maintenance_plans_contract_id'))
        batch_op.drop_index(batch_op.f('ix_maintenance_plans_assignee_id'))
        batch_op.drop_index('ix_maintenance_plans_account_id')

    op.drop_table('maintenance_plans')
    with op.batch_alter_table('contract_scopes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_scopes_site_id'))
        batch_op.drop_index(batch_op.f('ix_contract_scopes_product_id'))
        batch_op.drop_index(batch_op.f('ix_contract_scopes_contract_id'))

    op.drop_table('contract_scopes')
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_index('ix_contacts_kana_key_id')
        batch_op.drop_index(batch_op.f('ix_contacts_email_key'))
        batch_op.drop_index(batch_op.f('ix_contacts_account_id'))

    op.drop_table('contacts')
    with op.batch_alter_table('sites', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sites_phone_e164'))
        batch_op.drop_index(batch_op.f('ix_sites_account_id'))

    op.drop_table('sites')
    with op.batch_alter_table('service_contracts', schema=None) as batch_op:
        batch_op.drop_index('ix_service_contracts_ends_on')
        batch_op.drop_index('ix_service_contracts_account_id')

    op.drop_table('service_contracts')
    op.drop_table('report_files')
    op.drop_table('events')
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_ins_staff_id'))

    op.drop_table('sign_ins')
    op.drop_table('sales_targets')
    with op.batch_alter_table('report_jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_report_jobs_team_id')
        batch_op.drop_index('ix_report_jobs_requested_by_id')

    op.drop_table('report_jobs')
    with op.batch_alter_table('call_drafts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_drafts_staff_id'))

    op.drop_table('call_drafts')
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_tokens_staff_id'))

    op.drop_table('api_tokens')
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_index('ix_accounts_updated_at_id')
        batch_op.drop_index('ix_accounts_team_id_kana_key')
        batch_op.drop_index(batch_op.f('ix_accounts_phone_e164'))
        batch_op.drop_index(batch_op.f('ix_accounts_parent_id'))
        batch_op.drop_index('ix_accounts_owner_id_kana_key')
        batch_op.drop_index(batch_op.f('ix_accounts_name_key'))
        batch_op.drop_index('ix_accounts_kana_key_id')
        batch_op.drop_index('ix_accounts_industry_kana_key')

    op.drop_table('accounts')
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_team_id'))

    op.drop_table('staff')
    op.drop_table('teams')
    with op.batch_alter_table('search_identifiers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_identifiers_entry_id'))

    op.drop_table('search_identifiers')
    op.drop_table('search_handlers')
    with op.batch_alter_table('product_relations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_product_relations_other_id'))

    op.drop_table('product_relations')
    op.drop_table('stage_paces')
    with op.batch_alter_table('search_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_search_entries_label_key_id')

    if not postgres():
        op.execute('DROP TABLE IF EXISTS search_fts')
    op.drop_table('search_entries')
    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_products_successor_id'))
        batch_op.drop_index(batch_op.f('ix_products_parts_supply_end_on'))
        batch_op.drop_index(batch_op.f('ix_products_end_of_support_on'))
        batch_op.drop_index(batch_op.f('ix_products_code_key'))

    op.drop_table('products')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_waiting', sqlite_where=sa.text('done_at IS NULL AND dead_at IS NULL'), postgresql_where=sa.text('done_at IS NULL AND dead_at IS NULL'))

    op.drop_table('outbox')
    op.drop_table('offices')
    with op.batch_alter_table('import_keys', schema=None) as batch_op:
        batch_op.drop_index('ix_import_keys_kind_record_id')

    op.drop_table('import_keys')
    with op.batch_alter_table('idempotency_keys', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idempotency_keys_at'))

    op.drop_table('idempotency_keys')
