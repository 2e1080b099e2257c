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

    with op.batch_alter_table("advisor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signature", sa.String(length=500), nullable=True))

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("advisor_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_invitation_advisor_id"), ["advisor_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_invitation_advisor_id"), "advisor", ["advisor_id"], ["id"])

    with op.batch_alter_table("meeting_type", schema=None) as batch_op:
        batch_op.add_column(sa.Column("host_ids", sa.JSON(), server_default="[]", nullable=False))
    up_audit()


def downgrade() -> None:
    down_audit()
    with op.batch_alter_table("meeting_type", schema=None) as batch_op:
        batch_op.drop_column("host_ids")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invitation_advisor_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_invitation_advisor_id"))
        batch_op.drop_column("advisor_id")

    with op.batch_alter_table("advisor", schema=None) as batch_op:
        batch_op.drop_column("signature")

    with op.batch_alter_table("portrait", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portrait_fingerprint"))

    op.drop_table("portrait")
    with op.batch_alter_table("former_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_slug_page_id"))

    op.drop_table("former_slug")
    op.drop_table("rule_draft")
    op.drop_table("trail_opening")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasure_at"))

    op.drop_table("erasure")
