"""The first tables, and the rule that one advisor's busy periods never overlap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


# The database itself refuses the overlap; the rule is the same on both engines. The lower bound on start_minute keeps
# the SQLite search as short in ten years as it is today: no busy period is longer (see the CHECK on the table).
OVERLAPPING = """
    SELECT 1 FROM busy_period AS other
    WHERE other.advisor_id = NEW.advisor_id AND other.id IS NOT NEW.id
      AND other.start_minute < NEW.end_minute
      AND other.start_minute > NEW.start_minute - 2880
      AND other.end_minute > NEW.start_minute
"""


def _forbid_overlap() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE busy_period ADD CONSTRAINT ex_busy_period_overlap EXCLUDE USING gist "
            "(advisor_id WITH =, int4range(start_minute, end_minute) WITH &&)"
        )
        return
    for action in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER ex_busy_period_overlap_{action.lower()} BEFORE {action} ON busy_period "
            f"WHEN EXISTS ({OVERLAPPING}) BEGIN SELECT RAISE(ABORT, 'ex_busy_period_overlap'); END"
        )


def _allow_overlap() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE busy_period DROP CONSTRAINT ex_busy_period_overlap")
        return
    for action in ("insert", "update"):
        op.execute(f"DROP TRIGGER ex_busy_period_overlap_{action}")


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_account_fs_uniquifier'))
    )
    op.create_table('activity',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity'))
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_subject_kind_subject_id_at'), ['subject_kind', 'subject_id', 'at'], unique=False)

    op.create_table('group_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('description_en', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('location', sa.String(length=200), nullable=True),
    sa.Column('conference_url', sa.String(length=500), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('waiting_capacity', sa.Integer(), nullable=False),
    sa.Column('buffer_before_minutes', sa.Integer(), nullable=False),
    sa.Column('buffer_after_minutes', sa.Integer(), nullable=False),
    sa.Column('handout', sa.String(length=200), nullable=True),
    sa.Column('handout_title', sa.String(length=200), nullable=True),
    sa.Column('handout_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('uid', sa.String(length=255), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.String(length=500), nullable=True),
    sa.CheckConstraint('capacity >= 1', name=op.f('ck_group_session_capacity')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_group_session_forwards')),
    sa.CheckConstraint('waiting_capacity >= 0', name=op.f('ck_group_session_waiting_capacity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_session')),
    sa.UniqueConstraint('slug', name=op.f('uq_group_session_slug')),
    sa.UniqueConstraint('uid', name=op.f('uq_group_session_uid'))
    )
    with op.batch_alter_table('group_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_session_state_ends_at'), ['state', 'ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_session_state_starts_at'), ['state', 'starts_at'], unique=False)

    op.create_table('heartbeat',
    sa.Column('worker', sa.String(length=100), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('worker', name=op.f('pk_heartbeat'))
    )
    op.create_table('holiday_setting',
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_holiday_setting'))
    )
    op.create_table('idempotent_answer',
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('route', sa.String(length=64), nullable=False),
    sa.Column('body_hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', 'route', name=op.f('pk_idempotent_answer'))
    )
    with op.batch_alter_table('idempotent_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotent_answer_created_at'), ['created_at'], unique=False)

    op.create_table('incoming_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=255), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sender', sa.String(length=254), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=True),
    sa.Column('raw', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('judged', sa.String(length=30), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('error', sa.String(length=200), nullable=True),
    sa.Column('subject_kind', sa.String(length=20), nullable=True),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incoming_mail')),
    sa.UniqueConstraint('message_id', 'content_hash', name=op.f('uq_incoming_mail_message_id_content_hash'))
    )
    with op.batch_alter_table('incoming_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incoming_mail_state_id'), ['state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incoming_mail_subject_kind_subject_id'), ['subject_kind', 'subject_id'], unique=False)

    op.create_table('meeting_type',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('name_en', sa.String(length=128), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('description_en', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('step_minutes', sa.Integer(), nullable=False),
    sa.Column('buffer_before_minutes', sa.Integer(), nullable=False),
    sa.Column('buffer_after_minutes', sa.Integer(), nullable=False),
    sa.Column('notice_minutes', sa.Integer(), nullable=False),
    sa.Column('horizon_days', sa.Integer(), nullable=False),
    sa.Column('per_day', sa.Integer(), nullable=True),
    sa.Column('per_week', sa.Integer(), nullable=True),
    sa.Column('per_visitor', sa.Integer(), nullable=True),
    sa.Column('approval', sa.Boolean(), nullable=False),
    sa.Column('places', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('series', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_type')),
    sa.UniqueConstraint('slug', name=op.f('uq_meeting_type_slug'))
    )
    op.create_table('outgoing_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('sender', sa.String(length=254), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('message_id', sa.String(length=255), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mail')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outgoing_mail_message_id'))
    )
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outgoing_mail_event_created_at'), ['event', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_mail_state_next_attempt_at'), ['state', 'next_attempt_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_mail_subject_kind_subject_id'), ['subject_kind', 'subject_id'], unique=False)

    op.create_table('personal_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_personal_link_token_hash'))
    )
    with op.batch_alter_table('personal_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_link_purpose_subject_id'), ['purpose', 'subject_id'], unique=False)

    op.create_table('reference_counter',
    sa.Column('series', sa.String(length=20), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('series', name=op.f('pk_reference_counter'))
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('rule_version',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('saved_by', sa.String(length=40), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undo_of', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_rule_version'))
    )
    op.create_table('team',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('slug', name=op.f('uq_team_slug'))
    )
    op.create_table('topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('name_en', sa.String(length=128), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('answer_days', sa.Integer(), nullable=False),
    sa.Column('urgent_minutes', sa.Integer(), nullable=False),
    sa.CheckConstraint('answer_days > 0 AND urgent_minutes > 0', name=op.f('ck_topic_promise')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic')),
    sa.UniqueConstraint('slug', name=op.f('uq_topic_slug'))
    )
    op.create_table('account_role',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_role_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_account_role_role_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'role_id', name=op.f('pk_account_role'))
    )
    with op.batch_alter_table('account_role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_role_role_id'), ['role_id'], unique=False)

    op.create_table('advisor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('first_name', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=128), nullable=False),
    sa.Column('role_en', sa.String(length=128), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('whatsapp', sa.String(length=20), nullable=True),
    sa.Column('portrait', sa.String(length=200), nullable=True),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('fallback', sa.Boolean(), nullable=False),
    sa.Column('generalist', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('schedule_version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_advisor_account_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advisor')),
    sa.UniqueConstraint('account_id', name=op.f('uq_advisor_account_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_advisor_slug'))
    )
    op.create_table('contact_page',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('intro', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('invitation', sa.Text(), nullable=False),
    sa.Column('article_url', sa.String(length=500), nullable=True),
    sa.Column('handout', sa.String(length=200), nullable=True),
    sa.Column('handout_title', sa.String(length=200), nullable=True),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.Column('in_order', sa.Boolean(), nullable=False),
    sa.Column('allowed_sites', sa.JSON(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_contact_page_topic_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_page')),
    sa.UniqueConstraint('slug', name=op.f('uq_contact_page_slug'))
    )
    op.create_table('seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_session_id', sa.Integer(), nullable=False),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('address_key', sa.String(length=254), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('offers', sa.Integer(), nullable=False),
    sa.Column('offered_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply_token', sa.String(length=40), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['group_session_id'], ['group_session.id'], name=op.f('fk_seat_group_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat')),
    sa.UniqueConstraint('group_session_id', 'address_key', name=op.f('uq_seat_group_session_id_address_key')),
    sa.UniqueConstraint('group_session_id', 'form_key', name=op.f('uq_seat_group_session_id_form_key')),
    sa.UniqueConstraint('reply_token', name=op.f('uq_seat_reply_token'))
    )
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_address_key'), ['address_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_seat_group_session_id_state_position'), ['group_session_id', 'state', 'position'], unique=False)
        batch_op.create_index(batch_op.f('ix_seat_state_offered_until'), ['state', 'offered_until'], unique=False)

    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stand_in_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_absence_advisor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['stand_in_id'], ['advisor.id'], name=op.f('fk_absence_stand_in_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_advisor_id_ends_at'), ['advisor_id', 'ends_at'], unique=False)

    op.create_table('advisor_topic',
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_advisor_topic_advisor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_advisor_topic_topic_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('advisor_id', 'topic_id', name=op.f('pk_advisor_topic'))
    )
    with op.batch_alter_table('advisor_topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_advisor_topic_topic_id'), ['topic_id'], unique=False)

    op.create_table('busy_calendar',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_fetch_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_ok_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('covered_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('etag', sa.String(length=255), nullable=True),
    sa.Column('last_modified', sa.String(length=64), nullable=True),
    sa.Column('content_hash', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_busy_calendar_advisor_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_busy_calendar'))
    )
    with op.batch_alter_table('busy_calendar', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_busy_calendar_advisor_id'), ['advisor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_busy_calendar_next_fetch_at'), ['next_fetch_at'], unique=False)

    op.create_table('date_override',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('starts', sa.Time(), nullable=True),
    sa.Column('ends', sa.Time(), nullable=True),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_date_override_advisor_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_date_override'))
    )
    with op.batch_alter_table('date_override', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_date_override_advisor_id_on_date'), ['advisor_id', 'on_date'], unique=False)

    op.create_table('feed_address',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(advisor_id IS NULL) <> (team_id IS NULL)', name=op.f('ck_feed_address_one_owner')),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_feed_address_advisor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_feed_address_team_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_address')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_feed_address_token_hash'))
    )
    with op.batch_alter_table('feed_address', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_address_advisor_id'), ['advisor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_address_team_id'), ['team_id'], unique=False)

    op.create_table('handout_count',
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('views', sa.Integer(), nullable=False),
    sa.Column('downloads', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['page_id'], ['contact_page.id'], name=op.f('fk_handout_count_page_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('page_id', 'day', name=op.f('pk_handout_count'))
    )
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=True),
    sa.Column('province', sa.String(length=40), nullable=True),
    sa.Column('domain', sa.String(length=200), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['advisor.id'], name=op.f('fk_organisation_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('code', name=op.f('uq_organisation_code'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_domain'), ['domain'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisation_name'), ['name'], unique=False)

    op.create_table('page_advisor',
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('by_phone', sa.Boolean(), nullable=False),
    sa.Column('by_whatsapp', sa.Boolean(), nullable=False),
    sa.Column('by_email', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_page_advisor_advisor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['page_id'], ['contact_page.id'], name=op.f('fk_page_advisor_page_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('page_id', 'advisor_id', name=op.f('pk_page_advisor'))
    )
    with op.batch_alter_table('page_advisor', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_page_advisor_advisor_id'), ['advisor_id'], unique=False)

    op.create_table('session_host',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_session_id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('reply_token', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_session_host_advisor_id')),
    sa.ForeignKeyConstraint(['group_session_id'], ['group_session.id'], name=op.f('fk_session_host_group_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_host')),
    sa.UniqueConstraint('group_session_id', 'advisor_id', name=op.f('uq_session_host_group_session_id_advisor_id')),
    sa.UniqueConstraint('reply_token', name=op.f('uq_session_host_reply_token'))
    )
    with op.batch_alter_table('session_host', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_host_advisor_id'), ['advisor_id'], unique=False)

    op.create_table('talk_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('uid', sa.String(length=200), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('meeting_type_id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('frequency', sa.String(length=12), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('skipped', sa.JSON(), nullable=False),
    sa.Column('told_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_talk_series_advisor_id')),
    sa.ForeignKeyConstraint(['meeting_type_id'], ['meeting_type.id'], name=op.f('fk_talk_series_meeting_type_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talk_series')),
    sa.UniqueConstraint('form_key', name=op.f('uq_talk_series_form_key')),
    sa.UniqueConstraint('uid', name=op.f('uq_talk_series_uid'))
    )
    with op.batch_alter_table('talk_series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_talk_series_advisor_id'), ['advisor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_talk_series_state_until_at'), ['state', 'until_at'], unique=False)

    op.create_table('team_member',
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_team_member_advisor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_member_team_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('team_id', 'advisor_id', name=op.f('pk_team_member'))
    )
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_member_advisor_id'), ['advisor_id'], unique=False)

    op.create_table('working_hours',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('starts', sa.Time(), nullable=False),
    sa.Column('ends', sa.Time(), nullable=False),
    sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_working_hours_weekday')),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_working_hours_advisor_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_working_hours'))
    )
    with op.batch_alter_table('working_hours', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_working_hours_advisor_id'), ['advisor_id'], unique=False)

    op.create_table('contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('function', sa.String(length=128), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('notes', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_contact_organisation_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['advisor.id'], name=op.f('fk_contact_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sa.UniqueConstraint('email', name=op.f('uq_contact_email'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_phone'), ['phone'], unique=False)

    op.create_table('foreign_busy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('start_minute', sa.Integer(), nullable=False),
    sa.Column('end_minute', sa.Integer(), nullable=False),
    sa.CheckConstraint('start_minute < end_minute', name=op.f('ck_foreign_busy_forwards')),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_foreign_busy_advisor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['calendar_id'], ['busy_calendar.id'], name=op.f('fk_foreign_busy_calendar_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_foreign_busy'))
    )
    with op.batch_alter_table('foreign_busy', schema=None) as batch_op:
        batch_op.create_index('ix_foreign_busy_advisor_id_end_minute', ['advisor_id', 'end_minute'], unique=False)
        batch_op.create_index(batch_op.f('ix_foreign_busy_calendar_id'), ['calendar_id'], unique=False)

    op.create_table('topic_owner',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_topic_owner_advisor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_topic_owner_organisation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_topic_owner_topic_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', 'topic_id', name=op.f('pk_topic_owner'))
    )
    with op.batch_alter_table('topic_owner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_topic_owner_advisor_id'), ['advisor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_topic_owner_topic_id'), ['topic_id'], unique=False)

    op.create_table('enquiry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('reply_token', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('reachable', sa.String(length=200), nullable=True),
    sa.Column('organisation_name', sa.String(length=200), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.Column('page_id', sa.Integer(), nullable=True),
    sa.Column('advisor_id', sa.Integer(), nullable=True),
    sa.Column('wanted_advisor_id', sa.Integer(), nullable=True),
    sa.Column('stand_in_for_id', sa.Integer(), nullable=True),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('needs', sa.String(length=500), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('decision', sa.JSON(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_soon_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_enquiry_advisor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_enquiry_contact_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_enquiry_organisation_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['page_id'], ['contact_page.id'], name=op.f('fk_enquiry_page_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['stand_in_for_id'], ['advisor.id'], name=op.f('fk_enquiry_stand_in_for_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_enquiry_topic_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['wanted_advisor_id'], ['advisor.id'], name=op.f('fk_enquiry_wanted_advisor_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enquiry')),
    sa.UniqueConstraint('form_key', name=op.f('uq_enquiry_form_key')),
    sa.UniqueConstraint('reference', name=op.f('uq_enquiry_reference')),
    sa.UniqueConstraint('reply_token', name=op.f('uq_enquiry_reply_token'))
    )
    with op.batch_alter_table('enquiry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiry_advisor_id_state_answer_by'), ['advisor_id', 'state', 'answer_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_asked_at'), ['asked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiry_state_answer_by'), ['state', 'answer_by'], unique=False)

    op.create_table('booking',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('uid', sa.String(length=200), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('meeting_type_id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('location', sa.String(length=200), nullable=True),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.Column('page_id', sa.Integer(), nullable=True),
    sa.Column('enquiry_id', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('decision', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.String(length=500), nullable=True),
    sa.Column('approve_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_minutes', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('outcome_text', sa.Text(), nullable=True),
    sa.Column('next_step', sa.String(length=500), nullable=True),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('original_start', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_booking_advisor_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_booking_contact_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['enquiry_id'], ['enquiry.id'], name=op.f('fk_booking_enquiry_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['meeting_type_id'], ['meeting_type.id'], name=op.f('fk_booking_meeting_type_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_booking_organisation_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['page_id'], ['contact_page.id'], name=op.f('fk_booking_page_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['series_id'], ['talk_series.id'], name=op.f('fk_booking_series_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_booking_topic_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking')),
    sa.UniqueConstraint('form_key', name=op.f('uq_booking_form_key')),
    sa.UniqueConstraint('reference', name=op.f('uq_booking_reference')),
    sa.UniqueConstraint('uid', name=op.f('uq_booking_uid'))
    )
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_booking_advisor_id_starts_at'), ['advisor_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_booking_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_booking_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_booking_enquiry_id'), ['enquiry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_booking_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_booking_series_id_original_start'), ['series_id', 'original_start'], unique=True)
        batch_op.create_index(batch_op.f('ix_booking_starts_at'), ['starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_booking_state_approve_by'), ['state', 'approve_by'], unique=False)

    op.create_table('call_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enquiry_id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=True),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('result', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('window_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('window_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_call_attempt_advisor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['enquiry_id'], ['enquiry.id'], name=op.f('fk_call_attempt_enquiry_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_attempt')),
    sa.UniqueConstraint('form_key', name=op.f('uq_call_attempt_form_key'))
    )
    with op.batch_alter_table('call_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_attempt_enquiry_id'), ['enquiry_id'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enquiry_id', sa.Integer(), nullable=False),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=True),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_message_advisor_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['enquiry_id'], ['enquiry.id'], name=op.f('fk_message_enquiry_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mail_id'], ['outgoing_mail.id'], name=op.f('fk_message_mail_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('form_key', name=op.f('uq_message_form_key'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_enquiry_id_at'), ['enquiry_id', 'at'], unique=False)

    op.create_table('busy_period',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('advisor_id', sa.Integer(), nullable=False),
    sa.Column('start_minute', sa.Integer(), nullable=False),
    sa.Column('end_minute', sa.Integer(), nullable=False),
    sa.Column('counted_minute', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Integer(), nullable=False),
    sa.Column('talk_end_minute', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=True),
    sa.Column('group_session_id', sa.Integer(), nullable=True),
    sa.Column('hold_hash', sa.String(length=64), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('end_minute - start_minute <= 2880', name=op.f('ck_busy_period_bounded')),
    sa.CheckConstraint('start_minute < end_minute', name=op.f('ck_busy_period_forwards')),
    sa.ForeignKeyConstraint(['advisor_id'], ['advisor.id'], name=op.f('fk_busy_period_advisor_id')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_busy_period_booking_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_session_id'], ['group_session.id'], name=op.f('fk_busy_period_group_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_busy_period'))
    )
    with op.batch_alter_table('busy_period', schema=None) as batch_op:
        batch_op.create_index('ix_busy_period_advisor_id_start_minute_end_minute', ['advisor_id', 'start_minute', 'end_minute'], unique=False)
        batch_op.create_index(batch_op.f('ix_busy_period_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_busy_period_group_session_id'), ['group_session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_busy_period_hold_hash'), ['hold_hash'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('reply_token', sa.String(length=40), nullable=False),
    sa.Column('participation', sa.String(length=20), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_sequence', sa.Integer(), nullable=True),
    sa.Column('answered_stamp', sa.DateTime(timezone=True), nullable=True),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_invitation_booking_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('reply_token', name=op.f('uq_invitation_reply_token'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_booking_id'), ['booking_id'], unique=False)

    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=10), nullable=False),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_proposal_booking_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_booking_id'), ['booking_id'], unique=False)


    _forbid_overlap()


def downgrade() -> None:
    _allow_overlap()
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_booking_id'))

    op.drop_table('proposal')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_booking_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('busy_period', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_busy_period_hold_hash'))
        batch_op.drop_index(batch_op.f('ix_busy_period_group_session_id'))
        batch_op.drop_index(batch_op.f('ix_busy_period_booking_id'))
        batch_op.drop_index('ix_busy_period_advisor_id_start_minute_end_minute')

    op.drop_table('busy_period')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_enquiry_id_at'))

    op.drop_table('message')
    with op.batch_alter_table('call_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_attempt_enquiry_id'))

    op.drop_table('call_attempt')
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_booking_state_approve_by'))
        batch_op.drop_index(batch_op.f('ix_booking_starts_at'))
        batch_op.drop_index(batch_op.f('ix_booking_series_id_original_start'))
        batch_op.drop_index(batch_op.f('ix_booking_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_booking_enquiry_id'))
        batch_op.drop_index(batch_op.f('ix_booking_email'))
        batch_op.drop_index(batch_op.f('ix_booking_contact_id'))
        batch_op.drop_index(batch_op.f('ix_booking_advisor_id_starts_at'))

    op.drop_table('booking')
    with op.batch_alter_table('enquiry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enquiry_state_answer_by'))
        batch_op.drop_index(batch_op.f('ix_enquiry_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_enquiry_email'))
        batch_op.drop_index(batch_op.f('ix_enquiry_contact_id'))
        batch_op.drop_index(batch_op.f('ix_enquiry_asked_at'))
        batch_op.drop_index(batch_op.f('ix_enquiry_advisor_id_state_answer_by'))

    op.drop_table('enquiry')
    with op.batch_alter_table('topic_owner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_topic_owner_topic_id'))
        batch_op.drop_index(batch_op.f('ix_topic_owner_advisor_id'))

    op.drop_table('topic_owner')
    with op.batch_alter_table('foreign_busy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_foreign_busy_calendar_id'))
        batch_op.drop_index('ix_foreign_busy_advisor_id_end_minute')

    op.drop_table('foreign_busy')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_phone'))
        batch_op.drop_index(batch_op.f('ix_contact_organisation_id'))

    op.drop_table('contact')
    with op.batch_alter_table('working_hours', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_working_hours_advisor_id'))

    op.drop_table('working_hours')
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_member_advisor_id'))

    op.drop_table('team_member')
    with op.batch_alter_table('talk_series', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_talk_series_state_until_at'))
        batch_op.drop_index(batch_op.f('ix_talk_series_advisor_id'))

    op.drop_table('talk_series')
    with op.batch_alter_table('session_host', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_host_advisor_id'))

    op.drop_table('session_host')
    with op.batch_alter_table('page_advisor', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_page_advisor_advisor_id'))

    op.drop_table('page_advisor')
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_name'))
        batch_op.drop_index(batch_op.f('ix_organisation_domain'))

    op.drop_table('organisation')
    op.drop_table('handout_count')
    with op.batch_alter_table('feed_address', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_address_team_id'))
        batch_op.drop_index(batch_op.f('ix_feed_address_advisor_id'))

    op.drop_table('feed_address')
    with op.batch_alter_table('date_override', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_date_override_advisor_id_on_date'))

    op.drop_table('date_override')
    with op.batch_alter_table('busy_calendar', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_busy_calendar_next_fetch_at'))
        batch_op.drop_index(batch_op.f('ix_busy_calendar_advisor_id'))

    op.drop_table('busy_calendar')
    with op.batch_alter_table('advisor_topic', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_advisor_topic_topic_id'))

    op.drop_table('advisor_topic')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absence_advisor_id_ends_at'))

    op.drop_table('absence')
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seat_state_offered_until'))
        batch_op.drop_index(batch_op.f('ix_seat_group_session_id_state_position'))
        batch_op.drop_index(batch_op.f('ix_seat_address_key'))

    op.drop_table('seat')
    op.drop_table('contact_page')
    op.drop_table('advisor')
    with op.batch_alter_table('account_role', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_role_role_id'))

    op.drop_table('account_role')
    op.drop_table('topic')
    op.drop_table('team')
    op.drop_table('rule_version')
    op.drop_table('role')
    op.drop_table('reference_counter')
    with op.batch_alter_table('personal_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personal_link_purpose_subject_id'))

    op.drop_table('personal_link')
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outgoing_mail_subject_kind_subject_id'))
        batch_op.drop_index(batch_op.f('ix_outgoing_mail_state_next_attempt_at'))
        batch_op.drop_index(batch_op.f('ix_outgoing_mail_event_created_at'))

    op.drop_table('outgoing_mail')
    op.drop_table('meeting_type')
    with op.batch_alter_table('incoming_mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incoming_mail_subject_kind_subject_id'))
        batch_op.drop_index(batch_op.f('ix_incoming_mail_state_id'))

    op.drop_table('incoming_mail')
    with op.batch_alter_table('idempotent_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idempotent_answer_created_at'))

    op.drop_table('idempotent_answer')
    op.drop_table('holiday_setting')
    op.drop_table('heartbeat')
    with op.batch_alter_table('group_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_session_state_starts_at'))
        batch_op.drop_index(batch_op.f('ix_group_session_state_ends_at'))

    op.drop_table('group_session')
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activity_subject_kind_subject_id_at'))
        batch_op.drop_index(batch_op.f('ix_activity_at'))

    op.drop_table('activity')
    op.drop_table('account')
