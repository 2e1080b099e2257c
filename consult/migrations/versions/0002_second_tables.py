"""The tables of the second landing, and what the database itself keeps for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
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

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("advisor_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_invitation_advisor_id"), ["advisor_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_invitation_advisor_id"), "advisor", ["advisor_id"], ["id"])

    with op.batch_alter_table("meeting_type", schema=None) as batch_op:
        batch_op.add_column(sa.Column("host_ids", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("meeting_type", schema=None) as batch_op:
        batch_op.drop_column("host_ids")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invitation_advisor_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_invitation_advisor_id"))
        batch_op.drop_column("advisor_id")

    with op.batch_alter_table("former_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_slug_page_id"))

    op.drop_table("former_slug")
    op.drop_table("rule_draft")
