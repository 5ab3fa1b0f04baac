"""The installed base in full."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table('attribute_definitions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('label_ja', sa.String(length=60), nullable=False),
    sa.Column('label_en', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attribute_definitions')),
    sa.UniqueConstraint('category', 'key', name=op.f('uq_attribute_definitions_category_key'))
    )
    op.create_table('campaigns',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('notice_no', sa.String(length=60), nullable=False),
    sa.Column('serials', sa.Text(), nullable=False),
    sa.Column('firmware_from', sa.String(length=40), nullable=False),
    sa.Column('firmware_to', sa.String(length=40), nullable=False),
    sa.Column('labour_percent', sa.SmallInteger(), nullable=False),
    sa.Column('travel_percent', sa.SmallInteger(), nullable=False),
    sa.Column('parts_percent', sa.SmallInteger(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=7), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns')),
    sa.UniqueConstraint('number', name=op.f('uq_campaigns_number'))
    )
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.create_index('ix_campaigns_status_id', ['status', 'id'], unique=False)

    op.create_table('closed_days',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('worked', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closed_days')),
    sa.UniqueConstraint('day', name=op.f('uq_closed_days_day'))
    )
    op.create_table('fault_codes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=7), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fault_codes')),
    sa.UniqueConstraint('kind', 'code', name=op.f('uq_fault_codes_kind_code'))
    )
    op.create_table('campaign_products',
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_products_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_campaign_products_product_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'product_id', name=op.f('pk_campaign_products'))
    )
    with op.batch_alter_table('campaign_products', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_campaign_products_product_id'), ['product_id'], unique=False)

    op.create_table('calendar_feeds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_calendar_feeds_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feeds')),
    sa.UniqueConstraint('staff_id', name=op.f('uq_calendar_feeds_staff_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feeds_token_hash'))
    )
    op.create_table('locations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['locations.id'], name=op.f('fk_locations_parent_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_locations_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_locations'))
    )
    with op.batch_alter_table('locations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_locations_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index('ix_locations_site_id_name', ['site_id', 'name', 'id'], unique=False)

    op.create_table('meters',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_key', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('measure', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('rated_limit', sa.BigInteger(), nullable=True),
    sa.Column('decimals', sa.SmallInteger(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_meters_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meters')),
    sa.UniqueConstraint('unit_id', 'name_key', name=op.f('uq_meters_unit_id_name_key'))
    )
    op.create_table('unit_traits',
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('definition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['definition_id'], ['attribute_definitions.id'], name=op.f('fk_unit_traits_definition_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_unit_traits_unit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('unit_id', 'definition_id', name=op.f('pk_unit_traits'))
    )
    with op.batch_alter_table('unit_traits', schema=None) as batch_op:
        batch_op.create_index('ix_unit_traits_definition_id_value', ['definition_id', 'value', 'unit_id'], unique=False)

    op.create_table('warranties',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('meter_name', sa.String(length=60), nullable=False),
    sa.Column('meter_limit', sa.BigInteger(), nullable=True),
    sa.Column('labour_percent', sa.SmallInteger(), nullable=False),
    sa.Column('travel_percent', sa.SmallInteger(), nullable=False),
    sa.Column('parts_percent', sa.SmallInteger(), nullable=False),
    sa.Column('transferable', sa.Boolean(), nullable=False),
    sa.Column('exclusions', sa.String(length=1000), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_warranties_unit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_warranties'))
    )
    with op.batch_alter_table('warranties', schema=None) as batch_op:
        batch_op.create_index('ix_warranties_unit_id_ends_on', ['unit_id', 'ends_on', 'id'], unique=False)

    op.create_table('handovers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ticket_version', sa.Integer(), nullable=True),
    sa.Column('open', sa.Boolean(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_handovers_account_id')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_handovers_deal_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_handovers_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers')),
    sa.UniqueConstraint('deal_id', name=op.f('uq_handovers_deal_id')),
    sa.UniqueConstraint('ticket_id', name=op.f('uq_handovers_ticket_id'))
    )
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handovers_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_handovers_open_id', ['open', 'id'], unique=False)

    op.create_table('readings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.SmallInteger(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.Column('offset', sa.BigInteger(), nullable=False),
    sa.Column('reset', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=7), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_readings_by_id')),
    sa.ForeignKeyConstraint(['meter_id'], ['meters.id'], name=op.f('fk_readings_meter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readings')),
    sa.UniqueConstraint('meter_id', 'at', 'revision', name=op.f('uq_readings_meter_id_at_revision'))
    )
    with op.batch_alter_table('readings', schema=None) as batch_op:
        batch_op.create_index('ix_readings_meter_id_id', ['meter_id', 'id'], unique=False)

    op.create_table('attachments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('name', sa.String(length=150), nullable=False),
    sa.Column('caption', sa.String(length=200), nullable=False),
    sa.Column('photo', sa.Boolean(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('CASE WHEN account_id IS NULL THEN 0 ELSE 1 END + CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END + CASE WHEN work_order_id IS NULL THEN 0 ELSE 1 END + CASE WHEN ticket_id IS NULL THEN 0 ELSE 1 END + CASE WHEN deal_id IS NULL THEN 0 ELSE 1 END = 1', name=op.f('ck_attachments_one_subject')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_attachments_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_attachments_by_id')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_attachments_deal_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_attachments_ticket_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_attachments_unit_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_attachments_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index('ix_attachments_account_id_id', ['account_id', 'id'], unique=False)
        batch_op.create_index('ix_attachments_deal_id_id', ['deal_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachments_sha256'), ['sha256'], unique=False)
        batch_op.create_index('ix_attachments_ticket_id_id', ['ticket_id', 'id'], unique=False)
        batch_op.create_index('ix_attachments_unit_id_id', ['unit_id', 'id'], unique=False)
        batch_op.create_index('ix_attachments_work_order_id_id', ['work_order_id', 'id'], unique=False)

    op.create_table('campaign_items',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('status', sa.String(length=9), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('appointed_on', sa.Date(), nullable=True),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_campaign_items_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_campaign_items_by_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_items_campaign_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_campaign_items_unit_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_campaign_items_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_items')),
    sa.UniqueConstraint('campaign_id', 'unit_id', name=op.f('uq_campaign_items_campaign_id_unit_id'))
    )
    with op.batch_alter_table('campaign_items', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_items_account', ['campaign_id', 'account_id', 'id'], unique=False)
        batch_op.create_index('ix_campaign_items_account_id', ['account_id', 'status'], unique=False)
        batch_op.create_index('ix_campaign_items_status', ['campaign_id', 'status', 'account_id', 'id'], unique=False)
        batch_op.create_index('ix_campaign_items_told', ['campaign_id', 'told', 'account_id', 'id'], unique=False)
        batch_op.create_index('ix_campaign_items_unit_id_status', ['unit_id', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_campaign_items_work_order_id'), ['work_order_id'], unique=False)

    op.create_table('handover_plans',
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('handover_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['handover_id'], ['handovers.id'], name=op.f('fk_handover_plans_handover_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['maintenance_plans.id'], name=op.f('fk_handover_plans_plan_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_handover_plans_product_id')),
    sa.PrimaryKeyConstraint('plan_id', name=op.f('pk_handover_plans')),
    sa.UniqueConstraint('handover_id', 'product_id', name=op.f('uq_handover_plans_handover_id_product_id'))
    )
    op.create_table('handover_units',
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('handover_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['handover_id'], ['handovers.id'], name=op.f('fk_handover_units_handover_id')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_handover_units_product_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_handover_units_unit_id')),
    sa.PrimaryKeyConstraint('unit_id', name=op.f('pk_handover_units'))
    )
    with op.batch_alter_table('handover_units', schema=None) as batch_op:
        batch_op.create_index('ix_handover_units_handover_id_unit_id', ['handover_id', 'unit_id'], unique=False)

    op.create_table('loans',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('lent_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('returned_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('home_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('home_site_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('home_location', sa.String(length=100), nullable=False),
    sa.Column('home_location_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('home_status', sa.String(length=10), nullable=False),
    sa.Column('home_ownership', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_loans_account_id')),
    sa.ForeignKeyConstraint(['home_account_id'], ['accounts.id'], name=op.f('fk_loans_home_account_id')),
    sa.ForeignKeyConstraint(['home_location_id'], ['locations.id'], name=op.f('fk_loans_home_location_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['home_site_id'], ['sites.id'], name=op.f('fk_loans_home_site_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_loans_unit_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_loans_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans'))
    )
    with op.batch_alter_table('loans', schema=None) as batch_op:
        batch_op.create_index('ix_loans_account_id', ['account_id', 'id'], unique=False)
        batch_op.create_index('ix_loans_due_on', ['due_on', 'id'], unique=False)
        batch_op.create_index('ix_loans_unit_id', ['unit_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_loans_work_order_id'), ['work_order_id'], unique=False)
        batch_op.create_index('uq_loans_unit_id_open', ['unit_id'], unique=True, sqlite_where=sa.text('returned_on IS NULL'), postgresql_where=sa.text('returned_on IS NULL'))

    op.create_table('work_checks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('item', sa.String(length=60), nullable=False),
    sa.Column('standard', sa.String(length=60), nullable=False),
    sa.Column('measured', sa.String(length=60), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_work_checks_work_order_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_checks'))
    )
    with op.batch_alter_table('work_checks', schema=None) as batch_op:
        batch_op.create_index('ix_work_checks_work_order_id', ['work_order_id', 'position'], unique=False)

    op.create_table('work_companions',
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_work_companions_staff_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_work_companions_work_order_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('work_order_id', 'staff_id', name=op.f('pk_work_companions'))
    )
    with op.batch_alter_table('work_companions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_companions_staff_id'), ['staff_id'], unique=False)

    op.create_table('work_parts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('part_no', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('removed_serial', sa.String(length=80), nullable=False),
    sa.Column('fitted_serial', sa.String(length=80), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price', sa.BigInteger(), nullable=False),
    sa.Column('chargeable', sa.Boolean(), nullable=True),
    sa.Column('removed_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('fitted_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['fitted_unit_id'], ['units.id'], name=op.f('fk_work_parts_fitted_unit_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_work_parts_product_id')),
    sa.ForeignKeyConstraint(['removed_unit_id'], ['units.id'], name=op.f('fk_work_parts_removed_unit_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_work_parts_work_order_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_parts'))
    )
    with op.batch_alter_table('work_parts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_parts_fitted_unit_id'), ['fitted_unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_parts_product_id'), ['product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_parts_removed_unit_id'), ['removed_unit_id'], unique=False)
        batch_op.create_index('ix_work_parts_work_order_id', ['work_order_id', 'position'], unique=False)

    op.create_table('work_signatures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('strokes', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=10), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('taken_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['taken_by_id'], ['staff.id'], name=op.f('fk_work_signatures_taken_by_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_work_signatures_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_signatures'))
    )
    with op.batch_alter_table('work_signatures', schema=None) as batch_op:
        batch_op.create_index('ix_work_signatures_work_order_id', ['work_order_id', 'id'], unique=False)

    op.create_table('work_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('before', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_work_steps_by_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_work_steps_work_order_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_steps'))
    )
    with op.batch_alter_table('work_steps', schema=None) as batch_op:
        batch_op.create_index('ix_work_steps_work_order_id', ['work_order_id', 'id'], unique=False)

    op.create_table('service_reports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('work_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('signature_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('requested_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('progress', sa.SmallInteger(), nullable=False),
    sa.Column('error', sa.String(length=20), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['requested_by_id'], ['staff.id'], name=op.f('fk_service_reports_requested_by_id')),
    sa.ForeignKeyConstraint(['signature_id'], ['work_signatures.id'], name=op.f('fk_service_reports_signature_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_service_reports_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_reports'))
    )
    with op.batch_alter_table('service_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_reports_signature_id'), ['signature_id'], unique=False)
        batch_op.create_index('ix_service_reports_work_order_id', ['work_order_id', 'id'], unique=False)

    op.create_table('service_report_files',
    sa.Column('report_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['service_reports.id'], name=op.f('fk_service_report_files_report_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_service_report_files'))
    )
    with op.batch_alter_table('maintenance_plans', schema=None) as batch_op:
        batch_op.add_column(sa.Column('meter', sa.String(length=60), server_default='', nullable=False))
        batch_op.add_column(sa.Column('counts', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('threshold', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('above', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('in_a_row', sa.SmallInteger(), server_default='3', nullable=False))

    with op.batch_alter_table('plan_units', schema=None) as batch_op:
        batch_op.create_index('ix_plan_units_next_due_on', ['next_due_on', 'id'], unique=False)

    with op.batch_alter_table('service_contracts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cycle_months', sa.SmallInteger(), server_default='12', nullable=False))
        batch_op.add_column(sa.Column('renews_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('notice_given_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('notice_by', sa.String(length=8), server_default='', nullable=False))
        batch_op.add_column(sa.Column('notice_reason', sa.String(length=200), server_default='', nullable=False))
        batch_op.create_index('ix_service_contracts_notice_days_ends_on', ['notice_days', 'ends_on', 'id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_service_contracts_renews_id'), ['renews_id'])
        batch_op.create_foreign_key(batch_op.f('fk_service_contracts_renews_id'), 'service_contracts', ['renews_id'], ['id'])

    with op.batch_alter_table('unit_states', schema=None) as batch_op:
        batch_op.add_column(sa.Column('location_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_unit_states_location_id'), ['location_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_unit_states_location_id'), 'locations', ['location_id'], ['id'])

    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.add_column(sa.Column('location_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('re_lease_ends_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('firmware', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('firmware_key', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=True))
        batch_op.add_column(sa.Column('attributes', sa.JSON(), server_default='{}', nullable=False))
        batch_op.alter_column('serial_key',
               existing_type=sa.VARCHAR(length=80),
               nullable=True)
        batch_op.create_index('ix_units_account_id_lease_ends_on', ['account_id', 'lease_ends_on'], unique=False)
        batch_op.create_index('ix_units_account_id_warranty_ends_on', ['account_id', 'warranty_ends_on'], unique=False)
        batch_op.create_index('ix_units_lease_ends_on_id', ['lease_ends_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_units_location_id'), ['location_id'], unique=False)
        batch_op.create_index('ix_units_product_id_id', ['product_id', 'id'], unique=False)
        batch_op.create_index('ix_units_re_lease_ends_on_id', ['re_lease_ends_on', 'id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_units_location_id'), 'locations', ['location_id'], ['id'])

    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.add_column(sa.Column('occasion', sa.BigInteger(), nullable=True))
        batch_op.create_index('uq_visits_occasion', ['plan_id', 'unit_id', 'occasion'], unique=True)

    with op.batch_alter_table('work_orders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('planned_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('planned_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('planned_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('down_from', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('down_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('labour_minutes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('travel_km', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('estimate_amount', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('estimated_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('approved_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('approved_by', sa.String(length=100), server_default='', nullable=False))
        batch_op.add_column(sa.Column('declined_reason', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('returned_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('symptom_code', sa.String(length=10), server_default='', nullable=False))
        batch_op.add_column(sa.Column('cause_code', sa.String(length=10), server_default='', nullable=False))
        batch_op.add_column(sa.Column('action_code', sa.String(length=10), server_default='', nullable=False))
        batch_op.add_column(sa.Column('customer_notice', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('substitute', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('labour_share', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('travel_share', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('parts_share', sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column('invoice_amount', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('verdict', sa.JSON(), nullable=True))
        batch_op.alter_column('symptom',
               existing_type=sa.VARCHAR(length=200),
               type_=sa.Text(),
               existing_nullable=False)
        batch_op.alter_column('cause',
               existing_type=sa.VARCHAR(length=200),
               type_=sa.Text(),
               existing_nullable=False)
        batch_op.alter_column('action',
               existing_type=sa.VARCHAR(length=200),
               type_=sa.Text(),
               existing_nullable=False)
        batch_op.create_index('ix_work_orders_assignee_id_planned_on', ['assignee_id', 'planned_on', 'id'], unique=False)
        batch_op.create_index('ix_work_orders_planned_on_id', ['planned_on', 'id'], unique=False)
        batch_op.create_index('ix_work_orders_status_opened_on', ['status', 'opened_on', 'id'], unique=False)
        batch_op.create_index('ix_work_orders_status_planned_on', ['status', 'planned_on', 'id'], unique=False)



def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table('work_orders', schema=None) as batch_op:
        batch_op.drop_index('ix_work_orders_status_planned_on')
        batch_op.drop_index('ix_work_orders_status_opened_on')
        batch_op.drop_index('ix_work_orders_planned_on_id')
        batch_op.drop_index('ix_work_orders_assignee_id_planned_on')
        batch_op.alter_column('action',
               existing_type=sa.Text(),
               type_=sa.VARCHAR(length=200),
               existing_nullable=False)
        batch_op.alter_column('cause',
               existing_type=sa.Text(),
               type_=sa.VARCHAR(length=200),
               existing_nullable=False)
        batch_op.alter_column('symptom',
               existing_type=sa.Text(),
               type_=sa.VARCHAR(length=200),
               existing_nullable=False)
        batch_op.drop_column('verdict')
        batch_op.drop_column('invoice_amount')
        batch_op.drop_column('parts_share')
        batch_op.drop_column('travel_share')
        batch_op.drop_column('labour_share')
        batch_op.drop_column('substitute')
        batch_op.drop_column('customer_notice')
        batch_op.drop_column('action_code')
        batch_op.drop_column('cause_code')
        batch_op.drop_column('symptom_code')
        batch_op.drop_column('returned_on')
        batch_op.drop_column('declined_reason')
        batch_op.drop_column('approved_by')
        batch_op.drop_column('approved_on')
        batch_op.drop_column('estimated_on')
        batch_op.drop_column('estimate_amount')
        batch_op.drop_column('travel_km')
        batch_op.drop_column('labour_minutes')
        batch_op.drop_column('down_until')
        batch_op.drop_column('down_from')
        batch_op.drop_column('finished_at')
        batch_op.drop_column('arrived_at')
        batch_op.drop_column('planned_until')
        batch_op.drop_column('planned_at')
        batch_op.drop_column('planned_on')

    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.drop_index('uq_visits_occasion')
        batch_op.drop_column('occasion')

    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_units_location_id'), type_='foreignkey')
        batch_op.drop_index('ix_units_re_lease_ends_on_id')
        batch_op.drop_index('ix_units_product_id_id')
        batch_op.drop_index(batch_op.f('ix_units_location_id'))
        batch_op.drop_index('ix_units_lease_ends_on_id')
        batch_op.drop_index('ix_units_account_id_warranty_ends_on')
        batch_op.drop_index('ix_units_account_id_lease_ends_on')
        batch_op.alter_column('serial_key',
               existing_type=sa.VARCHAR(length=80),
               nullable=False)
        batch_op.drop_column('attributes')
        batch_op.drop_column('firmware_key')
        batch_op.drop_column('firmware')
        batch_op.drop_column('re_lease_ends_on')
        batch_op.drop_column('location_id')

    with op.batch_alter_table('unit_states', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_unit_states_location_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_unit_states_location_id'))
        batch_op.drop_column('location_id')

    with op.batch_alter_table('service_contracts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_service_contracts_renews_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_service_contracts_renews_id'), type_='unique')
        batch_op.drop_index('ix_service_contracts_notice_days_ends_on')
        batch_op.drop_column('notice_reason')
        batch_op.drop_column('notice_by')
        batch_op.drop_column('notice_given_on')
        batch_op.drop_column('renews_id')
        batch_op.drop_column('cycle_months')

    with op.batch_alter_table('plan_units', schema=None) as batch_op:
        batch_op.drop_index('ix_plan_units_next_due_on')

    with op.batch_alter_table('maintenance_plans', schema=None) as batch_op:
        batch_op.drop_column('in_a_row')
        batch_op.drop_column('above')
        batch_op.drop_column('threshold')
        batch_op.drop_column('counts')
        batch_op.drop_column('meter')

    op.drop_table('service_report_files')
    with op.batch_alter_table('service_reports', schema=None) as batch_op:
        batch_op.drop_index('ix_service_reports_work_order_id')
        batch_op.drop_index(batch_op.f('ix_service_reports_signature_id'))

    op.drop_table('service_reports')
    with op.batch_alter_table('work_steps', schema=None) as batch_op:
        batch_op.drop_index('ix_work_steps_work_order_id')

    op.drop_table('work_steps')
    with op.batch_alter_table('work_signatures', schema=None) as batch_op:
        batch_op.drop_index('ix_work_signatures_work_order_id')

    op.drop_table('work_signatures')
    with op.batch_alter_table('work_parts', schema=None) as batch_op:
        batch_op.drop_index('ix_work_parts_work_order_id')
        batch_op.drop_index(batch_op.f('ix_work_parts_removed_unit_id'))
        batch_op.drop_index(batch_op.f('ix_work_parts_product_id'))
        batch_op.drop_index(batch_op.f('ix_work_parts_fitted_unit_id'))

    op.drop_table('work_parts')
    with op.batch_alter_table('work_companions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_work_companions_staff_id'))

    op.drop_table('work_companions')
    with op.batch_alter_table('work_checks', schema=None) as batch_op:
        batch_op.drop_index('ix_work_checks_work_order_id')

    op.drop_table('work_checks')
    with op.batch_alter_table('loans', schema=None) as batch_op:
        batch_op.drop_index('uq_loans_unit_id_open', sqlite_where=sa.text('returned_on IS NULL'), postgresql_where=sa.text('returned_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_loans_work_order_id'))
        batch_op.drop_index('ix_loans_unit_id')
        batch_op.drop_index('ix_loans_due_on')
        batch_op.drop_index('ix_loans_account_id')

    op.drop_table('loans')
    with op.batch_alter_table('handover_units', schema=None) as batch_op:
        batch_op.drop_index('ix_handover_units_handover_id_unit_id')

    op.drop_table('handover_units')
    op.drop_table('handover_plans')
    with op.batch_alter_table('campaign_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_campaign_items_work_order_id'))
        batch_op.drop_index('ix_campaign_items_unit_id_status')
        batch_op.drop_index('ix_campaign_items_told')
        batch_op.drop_index('ix_campaign_items_status')
        batch_op.drop_index('ix_campaign_items_account_id')
        batch_op.drop_index('ix_campaign_items_account')

    op.drop_table('campaign_items')
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.drop_index('ix_attachments_work_order_id_id')
        batch_op.drop_index('ix_attachments_unit_id_id')
        batch_op.drop_index('ix_attachments_ticket_id_id')
        batch_op.drop_index(batch_op.f('ix_attachments_sha256'))
        batch_op.drop_index('ix_attachments_deal_id_id')
        batch_op.drop_index('ix_attachments_account_id_id')

    op.drop_table('attachments')
    with op.batch_alter_table('readings', schema=None) as batch_op:
        batch_op.drop_index('ix_readings_meter_id_id')

    op.drop_table('readings')
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.drop_index('ix_handovers_open_id')
        batch_op.drop_index(batch_op.f('ix_handovers_account_id'))

    op.drop_table('handovers')
    with op.batch_alter_table('warranties', schema=None) as batch_op:
        batch_op.drop_index('ix_warranties_unit_id_ends_on')

    op.drop_table('warranties')
    with op.batch_alter_table('unit_traits', schema=None) as batch_op:
        batch_op.drop_index('ix_unit_traits_definition_id_value')

    op.drop_table('unit_traits')
    op.drop_table('meters')
    with op.batch_alter_table('locations', schema=None) as batch_op:
        batch_op.drop_index('ix_locations_site_id_name')
        batch_op.drop_index(batch_op.f('ix_locations_parent_id'))

    op.drop_table('locations')
    op.drop_table('calendar_feeds')
    with op.batch_alter_table('campaign_products', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_campaign_products_product_id'))

    op.drop_table('campaign_products')
    op.drop_table('fault_codes')
    op.drop_table('closed_days')
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_index('ix_campaigns_status_id')

    op.drop_table('campaigns')
    op.drop_table('attribute_definitions')
