"""The tables of the third landing, and what the database itself keeps for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


# What people wrote may be sealed from here on: a sealed text begins with U+0002, takes more room, and holds no words.
# The index of words leaves it out; the triggers of the second migration are made again for it.
SEALED_SHOWN = "CASE WHEN substr({0}, 1, 1) = {1} THEN '' ELSE {0} END"
SEALED_COLUMNS = "reference, name, email, phone, organisation_name, organisation_id, question"
SEALED_LENGTHS = {
    "enquiry": {"phone": 20, "reachable": 200, "needs": 500},
    "contact": {"phone": 20},
    "booking": {"phone": 20, "cancel_reason": 500, "next_step": 500},
}


def sealed_sqlite() -> tuple[str, ...]:
    """The statements that make the triggers of SQLite again."""
    phone, question, body = (
        SEALED_SHOWN.format(each, "char(2)") for each in ("enquiry.phone", "enquiry.question", "message.body")
    )
    told = (
        "SELECT enquiry.id, enquiry.reference || ' ' || enquiry.name || ' ' || coalesce(enquiry.email, '') || ' ' "
        f"|| coalesce({phone}, '') || ' ' || coalesce(enquiry.organisation_name, '') || ' ' "
        f"|| coalesce(organisation.name, '') || ' ' || {question} || ' ' "
        f"|| coalesce((SELECT group_concat({body}, ' ') FROM message WHERE message.enquiry_id = enquiry.id), '') "
        "FROM enquiry LEFT JOIN organisation ON organisation.id = enquiry.organisation_id"
    )

    def refresh(where: str) -> str:
        ids = f"SELECT enquiry.id FROM enquiry WHERE {where}"
        return (
            f"DELETE FROM enquiry_search WHERE rowid IN ({ids}); "
            f"INSERT INTO enquiry_search (rowid, words) {told} WHERE {where};"
        )

    old, new = "enquiry.id = OLD.enquiry_id", "enquiry.id = NEW.enquiry_id"
    triggers = {
        "asked": ("INSERT ON enquiry", refresh("enquiry.id = NEW.id")),
        "changed": (f"UPDATE OF {SEALED_COLUMNS} ON enquiry", refresh("enquiry.id = NEW.id")),
        "added": ("INSERT ON message", refresh(new)),
        "rewritten": ("UPDATE OF body, enquiry_id ON message", refresh(old) + " " + refresh(new)),
        "removed": ("DELETE ON message", refresh(old)),
        "renamed": ("UPDATE OF name ON organisation", refresh("enquiry.organisation_id = NEW.id")),
    }
    return tuple(
        statement
        for name, (when, body) in triggers.items()
        for statement in (
            f"DROP TRIGGER enquiry_search_{name}",
            f"CREATE TRIGGER enquiry_search_{name} AFTER {when} BEGIN {body} END",
        )
    )


def sealed_postgresql() -> str:
    """The statement that gives PostgreSQL its function again."""
    phone, question, body = (
        SEALED_SHOWN.format(each, "chr(2)") for each in ("enquiry.phone", "enquiry.question", "message.body")
    )
    return f"""
CREATE OR REPLACE FUNCTION enquiry_search_refresh(wanted integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO enquiry_search (enquiry_id, words)
    SELECT told.id, to_tsvector('dutch', told.plain) || to_tsvector('simple', told.plain)
    FROM (
        SELECT enquiry.id, enquiry_search_plain(left(concat_ws(' ', enquiry.reference, enquiry.name, enquiry.email,
            {phone}, enquiry.organisation_name, organisation.name, {question},
            (SELECT string_agg({body}, ' ') FROM message WHERE message.enquiry_id = enquiry.id)
        ), 200000)) AS plain
        FROM enquiry LEFT JOIN organisation ON organisation.id = enquiry.organisation_id WHERE enquiry.id = wanted
    ) AS told
    ON CONFLICT (enquiry_id) DO UPDATE SET words = EXCLUDED.words
$$
"""


def sealed_room(types: dict[str, dict[str, str]]) -> None:
    """Change these columns of PostgreSQL; it lets nobody change one that a trigger names."""
    op.execute("DROP TRIGGER enquiry_search_enquiry ON enquiry")
    for name, columns in types.items():
        parts = ", ".join(f"ALTER COLUMN {column} TYPE {kind}" for column, kind in columns.items())
        op.execute(f"ALTER TABLE {name} {parts}")
    op.execute(
        f"CREATE TRIGGER enquiry_search_enquiry AFTER INSERT OR UPDATE OF {SEALED_COLUMNS} ON enquiry "
        "FOR EACH ROW EXECUTE FUNCTION enquiry_search_follow()"
    )


def up_sealed() -> None:
    """Let what people wrote be sealed."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in sealed_sqlite():
            op.get_bind().exec_driver_sql(statement)
        return
    op.get_bind().exec_driver_sql(sealed_postgresql())
    sealed_room({name: dict.fromkeys(columns, "text") for name, columns in SEALED_LENGTHS.items()})


def down_sealed() -> None:
    """Give the columns their lengths back, which fails on what is still sealed; the triggers serve plain texts as well."""
    if op.get_bind().dialect.name != "sqlite":
        sealed_room(
            {
                name: {column: f"varchar({length})" for column, length in columns.items()}
                for name, columns in SEALED_LENGTHS.items()
            }
        )


def upgrade() -> None:
    op.create_table(
        "text_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("saved_by", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_version")),
        sa.UniqueConstraint("key", "language", "number", name=op.f("uq_text_version_key_language_number")),
    )
    with op.batch_alter_table("text_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_version_current"), ["current"], unique=False)

    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("sealed_former", sa.Text(), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_why", sa.String(length=10), nullable=True),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("form_key", name=op.f("uq_webhook_form_key")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("handle", sa.String(length=90), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "provider_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_provider_link_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_link")),
        sa.UniqueConstraint("account_id", "issuer", name=op.f("uq_provider_link_account_id_issuer")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_link_issuer_subject")),
    )
    op.create_table(
        "sign_in_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_ticket_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_ticket")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_sign_in_ticket_key_hash")),
    )
    with op.batch_alter_table("sign_in_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_ticket_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_ticket_until"), ["until"], unique=False)

    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_webhook_delivery_message_id")),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_delivery_state_settled_at"), ["state", "settled_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_webhook_delivery_subject_kind_subject_id"),
            ["subject_kind", "subject_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_webhook_delivery_webhook_id_state_next_attempt_at"),
            ["webhook_id", "state", "next_attempt_at"],
            unique=False,
        )

    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("beginning", sa.String(length=16), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=True),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["advisor_id"], ["advisor.id"], name=op.f("fk_api_key_advisor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("form_key", name=op.f("uq_api_key_form_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_key_advisor_id"), ["advisor_id"], unique=False)

    op.create_table(
        "article_watch",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["contact_page.id"], name=op.f("fk_article_watch_page_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_article_watch")),
    )
    with op.batch_alter_table("article_watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_watch_due_at"), ["due_at"], unique=False)

    op.create_table(
        "handout_file",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["contact_page.id"], name=op.f("fk_handout_file_page_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_handout_file")),
    )
    op.create_table(
        "own_rules",
        sa.Column("advisor_id", sa.Integer(), nullable=False),
        sa.Column("rest_before_minutes", sa.Integer(), nullable=True),
        sa.Column("rest_after_minutes", sa.Integer(), nullable=True),
        sa.Column("notice_minutes", sa.Integer(), nullable=True),
        sa.Column("horizon_days", sa.Integer(), nullable=True),
        sa.Column("per_day", sa.Integer(), nullable=True),
        sa.Column("per_week", sa.Integer(), nullable=True),
        sa.CheckConstraint("notice_minutes >= 0 AND horizon_days >= 1", name=op.f("ck_own_rules_reach")),
        sa.CheckConstraint("per_day >= 1 AND per_week >= 1", name=op.f("ck_own_rules_limits")),
        sa.CheckConstraint("rest_after_minutes BETWEEN 0 AND 240", name=op.f("ck_own_rules_rest_after")),
        sa.CheckConstraint("rest_before_minutes BETWEEN 0 AND 240", name=op.f("ck_own_rules_rest_before")),
        sa.ForeignKeyConstraint(
            ["advisor_id"], ["advisor.id"], name=op.f("fk_own_rules_advisor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("advisor_id", name=op.f("pk_own_rules")),
    )
    op.create_table(
        "webhook_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_delivery.id"],
            name=op.f("fk_webhook_attempt_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempt")),
    )
    with op.batch_alter_table("webhook_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_attempt_delivery_id"), ["delivery_id"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("weekly_figures", sa.Boolean(), server_default=sa.text("(true)"), nullable=False)
        )

    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_actor_at"), ["actor", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_what_at"), ["what", "at"], unique=False)

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_created_at"), ["created_at"], unique=False)

    with op.batch_alter_table("enquiry", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("first_answer_by", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_enquiry_contact_id"))
        batch_op.drop_index(batch_op.f("ix_enquiry_organisation_id"))
        batch_op.create_index(
            batch_op.f("ix_enquiry_contact_id_asked_at"), ["contact_id", "asked_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_enquiry_organisation_id_asked_at"), ["organisation_id", "asked_at"], unique=False
        )
    up_sealed()


def downgrade() -> None:
    down_sealed()
    with op.batch_alter_table("enquiry", schema=None, recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_enquiry_organisation_id_asked_at"))
        batch_op.drop_index(batch_op.f("ix_enquiry_contact_id_asked_at"))
        batch_op.create_index(batch_op.f("ix_enquiry_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiry_contact_id"), ["contact_id"], unique=False)
        batch_op.drop_column("first_answer_by")

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_created_at"))

    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_what_at"))
        batch_op.drop_index(batch_op.f("ix_activity_actor_at"))

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("weekly_figures")

    with op.batch_alter_table("webhook_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_attempt_delivery_id"))

    op.drop_table("webhook_attempt")
    op.drop_table("own_rules")
    op.drop_table("handout_file")
    with op.batch_alter_table("article_watch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_watch_due_at"))

    op.drop_table("article_watch")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_advisor_id"))

    op.drop_table("api_key")
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_delivery_webhook_id_state_next_attempt_at"))
        batch_op.drop_index(batch_op.f("ix_webhook_delivery_subject_kind_subject_id"))
        batch_op.drop_index(batch_op.f("ix_webhook_delivery_state_settled_at"))

    op.drop_table("webhook_delivery")
    with op.batch_alter_table("sign_in_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_ticket_until"))
        batch_op.drop_index(batch_op.f("ix_sign_in_ticket_account_id"))

    op.drop_table("sign_in_ticket")
    op.drop_table("provider_link")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_account_id"))

    op.drop_table("passkey")
    op.drop_table("webhook")
    with op.batch_alter_table("text_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_version_current"))

    op.drop_table("text_version")
