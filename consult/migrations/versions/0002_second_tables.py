"""The tables of the second landing, and what the database itself keeps for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def up_audit() -> None:
    """The trail is only added to: without an opening nothing changes, and with one only what somebody wrote may go."""
    kept = ("id", "at", "subject_kind", "subject_id", "what", "actor")
    changed = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in kept)
    closed = "NOT EXISTS (SELECT 1 FROM trail_opening)"
    if op.get_bind().dialect.name == "sqlite":
        for action, when in (("UPDATE", f"{closed} OR {changed}"), ("DELETE", closed)):
            op.execute(
                f"CREATE TRIGGER activity_is_only_added_to_{action.lower()} BEFORE {action} ON activity "
                f"WHEN {when} BEGIN SELECT RAISE(ABORT, 'activity_is_only_added_to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION activity_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'TRUNCATE' OR {closed} THEN RAISE EXCEPTION 'activity_is_only_added_to'; END IF; "
        f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
        f"IF {changed} THEN RAISE EXCEPTION 'activity_is_only_added_to'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER activity_is_only_added_to BEFORE UPDATE OR DELETE ON activity "
        "FOR EACH ROW EXECUTE FUNCTION activity_is_only_added_to()"
    )
    op.execute(
        "CREATE TRIGGER activity_is_never_emptied BEFORE TRUNCATE ON activity "
        "FOR EACH STATEMENT EXECUTE FUNCTION activity_is_only_added_to()"
    )


def down_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for action in ("update", "delete"):
            op.execute(f"DROP TRIGGER activity_is_only_added_to_{action}")
        return
    op.execute("DROP TRIGGER activity_is_never_emptied ON activity")
    op.execute("DROP TRIGGER activity_is_only_added_to ON activity")
    op.execute("DROP FUNCTION activity_is_only_added_to()")


# The index of the words of a question: SQLite's FTS5, PostgreSQL's full text in Dutch. Triggers keep it in the very
# transaction that changes a text, so that erasing one erases it here. A later migration that remakes the table
# enquiry or message on SQLite drops these triggers with it and has to make them again.
SEARCH_SQLITE_WORDS = """
SELECT enquiry.id, enquiry.reference || ' ' || enquiry.name || ' ' || coalesce(enquiry.email, '') || ' '
    || coalesce(enquiry.phone, '') || ' ' || coalesce(enquiry.organisation_name, '') || ' '
    || coalesce(organisation.name, '') || ' ' || enquiry.question || ' '
    || coalesce((SELECT group_concat(message.body, ' ') FROM message WHERE message.enquiry_id = enquiry.id), '')
FROM enquiry LEFT JOIN organisation ON organisation.id = enquiry.organisation_id
"""
SEARCH_FTS5 = (
    "CREATE VIRTUAL TABLE enquiry_search USING "
    "fts5(words, tokenize = 'unicode61 remove_diacritics 2', prefix = '3')"
)
SEARCH_COLUMNS = "reference, name, email, phone, organisation_name, organisation_id, question"
SEARCH_POSTGRESQL = (
    r"""
CREATE FUNCTION enquiry_search_plain(given text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(regexp_replace(normalize(coalesce(given, ''), NFD), '[\u0300-\u036f]', '', 'g'),
        '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g')
$$
""",
    """
CREATE TABLE enquiry_search (
    enquiry_id integer PRIMARY KEY REFERENCES enquiry (id) ON DELETE CASCADE, words tsvector NOT NULL
)
""",
    "CREATE INDEX ix_enquiry_search_words ON enquiry_search USING gin (words)",
    """
CREATE FUNCTION enquiry_search_refresh(wanted integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO enquiry_search (enquiry_id, words)
    SELECT told.id, to_tsvector('dutch', told.plain) || to_tsvector('simple', told.plain)
    FROM (
        SELECT enquiry.id, enquiry_search_plain(left(concat_ws(' ', enquiry.reference, enquiry.name, enquiry.email,
            enquiry.phone, enquiry.organisation_name, organisation.name, enquiry.question,
            (SELECT string_agg(message.body, ' ') FROM message WHERE message.enquiry_id = enquiry.id)
        ), 200000)) AS plain
        FROM enquiry LEFT JOIN organisation ON organisation.id = enquiry.organisation_id WHERE enquiry.id = wanted
    ) AS told
    ON CONFLICT (enquiry_id) DO UPDATE SET words = EXCLUDED.words
$$
""",
    """
CREATE FUNCTION enquiry_search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'enquiry' THEN PERFORM enquiry_search_refresh(NEW.id);
    ELSIF TG_TABLE_NAME = 'organisation' THEN
        PERFORM enquiry_search_refresh(id) FROM enquiry WHERE organisation_id = NEW.id;
    ELSE
        IF TG_OP <> 'INSERT' THEN PERFORM enquiry_search_refresh(OLD.enquiry_id); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM enquiry_search_refresh(NEW.enquiry_id); END IF;
    END IF;
    RETURN NULL;
END
$$
""",
    *(
        f"CREATE TRIGGER enquiry_search_{table} AFTER {when} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION enquiry_search_follow()"
        for table, when in (
            ("enquiry", f"INSERT OR UPDATE OF {SEARCH_COLUMNS}"),
            ("message", "INSERT OR UPDATE OF body, enquiry_id OR DELETE"),
            ("organisation", "UPDATE OF name"),
        )
    ),
    "SELECT enquiry_search_refresh(id) FROM enquiry",
)


def search_sqlite() -> tuple[str, ...]:
    """The statements that make index and triggers on SQLite."""

    def refresh(where: str) -> str:
        ids = f"SELECT enquiry.id FROM enquiry WHERE {where}"
        return (
            f"DELETE FROM enquiry_search WHERE rowid IN ({ids}); "
            f"INSERT INTO enquiry_search (rowid, words) {SEARCH_SQLITE_WORDS} WHERE {where};"
        )

    def trigger(name: str, when: str, body: str) -> str:
        return f"CREATE TRIGGER enquiry_search_{name} AFTER {when} BEGIN {body} END"

    gone = "DELETE FROM enquiry_search WHERE rowid = OLD.id;"
    old, new = "enquiry.id = OLD.enquiry_id", "enquiry.id = NEW.enquiry_id"
    return (
        SEARCH_FTS5,
        trigger("asked", "INSERT ON enquiry", refresh("enquiry.id = NEW.id")),
        trigger("changed", f"UPDATE OF {SEARCH_COLUMNS} ON enquiry", refresh("enquiry.id = NEW.id")),
        trigger("gone", "DELETE ON enquiry", gone),
        trigger("added", "INSERT ON message", refresh(new)),
        trigger("rewritten", "UPDATE OF body, enquiry_id ON message", refresh(old) + " " + refresh(new)),
        trigger("removed", "DELETE ON message", refresh(old)),
        trigger("renamed", "UPDATE OF name ON organisation", refresh("enquiry.organisation_id = NEW.id")),
        f"INSERT INTO enquiry_search (rowid, words) {SEARCH_SQLITE_WORDS}",
    )


def up_search() -> None:
    """Make the index of words and fill it."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in search_sqlite() if on_sqlite else SEARCH_POSTGRESQL:
        op.get_bind().exec_driver_sql(statement.replace("%", "%%") if not on_sqlite else statement)


def down_search() -> None:
    """Drop the index of words."""
    tables = {
        "enquiry": ("asked", "changed", "gone"),
        "message": ("added", "rewritten", "removed"),
        "organisation": ("renamed",),
    }
    if op.get_bind().dialect.name == "sqlite":
        for name in (each for names in tables.values() for each in names):
            op.execute(f"DROP TRIGGER enquiry_search_{name}")
        op.execute("DROP TABLE enquiry_search")
        return
    for name in tables:
        op.execute(f"DROP TRIGGER enquiry_search_{name} ON {name}")
    op.execute("DROP FUNCTION enquiry_search_follow()")
    op.execute("DROP FUNCTION enquiry_search_refresh(integer)")
    op.execute("DROP TABLE enquiry_search")
    op.execute("DROP FUNCTION enquiry_search_plain(text)")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_at"), ["at"], unique=False)

    op.create_table(
        "trail_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_opening")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_account_id"), ["account_id"], unique=False)

    op.create_table(
        "rule_draft",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("undo_of", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_rule_draft_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_rule_draft")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_sign_in_key_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_account_id_created_at"), ["account_id", "created_at"], unique=False
        )

    op.create_table(
        "former_slug",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["contact_page.id"], name=op.f("fk_former_slug_page_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_slug")),
    )
    with op.batch_alter_table("former_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_slug_page_id"), ["page_id"], unique=False)

    op.create_table(
        "portrait",
        sa.Column("advisor_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["advisor_id"], ["advisor.id"], name=op.f("fk_portrait_advisor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("advisor_id", name=op.f("pk_portrait")),
    )
    with op.batch_alter_table("portrait", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portrait_fingerprint"), ["fingerprint"], unique=False)

    op.create_table(
        "saved_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["advisor_id"], ["advisor.id"], name=op.f("fk_saved_reply_advisor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reply")),
    )
    with op.batch_alter_table("saved_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_reply_advisor_id"), ["advisor_id"], unique=False)

    op.create_table(
        "written_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("written_version", sa.String(length=64), nullable=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("etag", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["busy_calendar.id"],
            name=op.f("fk_written_meeting_calendar_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_meeting")),
        sa.UniqueConstraint("calendar_id", "uid", name=op.f("uq_written_meeting_calendar_id_uid")),
    )
    with op.batch_alter_table("written_meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_written_meeting_due_at"), ["due_at"], unique=False)

    op.create_table(
        "draft",
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["advisor_id"], ["advisor.id"], name=op.f("fk_draft_advisor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_draft_enquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enquiry_id", "advisor_id", "kind", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_advisor_id"), ["advisor_id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("advisor_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["advisor_id"], ["advisor.id"], name=op.f("fk_presence_advisor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_presence_enquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enquiry_id", "advisor_id", name=op.f("pk_presence")),
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_presence_advisor_id"), ["advisor_id"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("totp_secret", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("totp_counter", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("link_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("link_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_account_link_hash"), ["link_hash"])

    with op.batch_alter_table("advisor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signature", sa.String(length=500), nullable=True))

    with op.batch_alter_table("busy_calendar", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("writes", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
        )

    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("held_for", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("spam_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_enquiry_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_enquiry_merged_into_id"),
            "enquiry",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("advisor_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_invitation_advisor_id"), ["advisor_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_invitation_advisor_id"), "advisor", ["advisor_id"], ["id"])

    with op.batch_alter_table("meeting_type", schema=None) as batch_op:
        batch_op.add_column(sa.Column("host_ids", sa.JSON(), server_default="[]", nullable=False))
    up_audit()
    up_search()


def downgrade() -> None:
    down_search()
    down_audit()
    with op.batch_alter_table("meeting_type", schema=None) as batch_op:
        batch_op.drop_column("host_ids")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invitation_advisor_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_invitation_advisor_id"))
        batch_op.drop_column("advisor_id")

    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enquiry_merged_into_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_enquiry_merged_into_id"))
        batch_op.drop_column("spam_at")
        batch_op.drop_column("held_for")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("snoozed_until")

    with op.batch_alter_table("busy_calendar", schema=None) as batch_op:
        batch_op.drop_column("writes")

    with op.batch_alter_table("advisor", schema=None) as batch_op:
        batch_op.drop_column("signature")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_account_link_hash"), type_="unique")
        batch_op.drop_column("link_until")
        batch_op.drop_column("link_hash")
        batch_op.drop_column("totp_since")
        batch_op.drop_column("totp_counter")
        batch_op.drop_column("totp_secret")

    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_presence_advisor_id"))

    op.drop_table("presence")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_advisor_id"))

    op.drop_table("draft")
    with op.batch_alter_table("written_meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_written_meeting_due_at"))

    op.drop_table("written_meeting")
    with op.batch_alter_table("saved_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_reply_advisor_id"))

    op.drop_table("saved_reply")
    with op.batch_alter_table("portrait", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portrait_fingerprint"))

    op.drop_table("portrait")
    with op.batch_alter_table("former_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_slug_page_id"))

    op.drop_table("former_slug")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_account_id_created_at"))

    op.drop_table("sign_in")
    op.drop_table("rule_draft")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_account_id"))

    op.drop_table("recovery_code")
    op.drop_table("trail_opening")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasure_at"))

    op.drop_table("erasure")
