"""The people and organisations: who advises, who is advised, and when an advisor works."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.database import Model, UtcDateTime
from consult.sealing.types import FindableText, SealedText

advisor_topic = Table(
    "advisor_topic",
    Model.metadata,
    Column("advisor_id", ForeignKey("advisor.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, index=True),
)
team_member = Table(
    "team_member",
    Model.metadata,
    Column("team_id", ForeignKey("team.id", ondelete="CASCADE"), primary_key=True),
    Column("advisor_id", ForeignKey("advisor.id", ondelete="CASCADE"), primary_key=True, index=True),
)


def new_schedule_version() -> int:
    """A number that no schedule had before."""
    return secrets.randbits(62)


class Topic(Model):
    """A subject people ask about; an advisor is competent in some.

    A first answer is promised within ``answer_days`` working days, an urgent one within ``urgent_minutes`` of work.
    """

    __tablename__ = "topic"
    __table_args__ = (CheckConstraint("answer_days > 0 AND urgent_minutes > 0", name="promise"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    name_en: Mapped[str] = mapped_column(String(128))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    answer_days: Mapped[int] = mapped_column(default=1)
    urgent_minutes: Mapped[int] = mapped_column(default=120)


class Team(Model):
    """Advisors who can stand in for one another."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    members: Mapped[list[Advisor]] = relationship(secondary=team_member, back_populates="teams")


class Advisor(Model):
    """Somebody who answers questions and holds talks; a ``generalist`` is competent in every topic.

    ``portrait`` is a path under static/, or the address of an uploaded picture; ``signature`` ends a reply by mail.
    ``schedule_version`` is another number after every change of hours, overrides or absences, so that a compiled
    schedule can be kept for as long as it is true; drawn at random, it is also another one in another database.
    """

    __tablename__ = "advisor"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), unique=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    first_name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(128), default="")
    role_en: Mapped[str] = mapped_column(String(128), default="")
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    whatsapp: Mapped[str | None] = mapped_column(String(20))
    portrait: Mapped[str | None] = mapped_column(String(200))
    signature: Mapped[str | None] = mapped_column(String(500))
    timezone: Mapped[str] = mapped_column(String(64), default="Europe/Amsterdam")
    weight: Mapped[int] = mapped_column(default=100)
    capacity: Mapped[int | None]
    fallback: Mapped[bool] = mapped_column(default=False)
    generalist: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    schedule_version: Mapped[int] = mapped_column(BigInteger, default=new_schedule_version)
    topics: Mapped[list[Topic]] = relationship(secondary=advisor_topic, order_by=Topic.position)
    teams: Mapped[list[Team]] = relationship(secondary=team_member, back_populates="members")


class WorkingHours(Model):
    """A block of weekly hours on the advisor's own wall clock; an end at 00:00 is midnight."""

    __tablename__ = "working_hours"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]


class DateOverride(Model):
    """Other hours on one date: each row is a block; one row without times means no hours at all."""

    __tablename__ = "date_override"

    id: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"))
    on_date: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]

    __table_args__ = (Index(None, "advisor_id", "on_date"),)


class Absence(Model):
    """Time in which an advisor is away; ``stand_in`` takes over what cannot wait."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="SET NULL"))
    stand_in: Mapped[Advisor | None] = relationship(foreign_keys=[stand_in_id])

    __table_args__ = (Index(None, "advisor_id", "ends_at"),)


class OwnRules(Model):
    """What an advisor asks on top of the rules of each kind of talk; an empty one leaves that rule to the kind.

    Rest and notice in minutes (notice of working time), the horizon in days, limits in talks per day and week.
    """

    __tablename__ = "own_rules"
    __table_args__ = (
        CheckConstraint("rest_before_minutes BETWEEN 0 AND 240", name="rest_before"),
        CheckConstraint("rest_after_minutes BETWEEN 0 AND 240", name="rest_after"),
        CheckConstraint("notice_minutes >= 0 AND horizon_days >= 1", name="reach"),
        CheckConstraint("per_day >= 1 AND per_week >= 1", name="limits"),
    )

    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"), primary_key=True)
    rest_before_minutes: Mapped[int | None]
    rest_after_minutes: Mapped[int | None]
    notice_minutes: Mapped[int | None]
    horizon_days: Mapped[int | None]
    per_day: Mapped[int | None]
    per_week: Mapped[int | None]


class HolidaySetting(Model):
    """A holiday on which the office works: a row switches it off. ``key`` is one of ``worktime.HOLIDAY_KEYS``."""

    __tablename__ = "holiday_setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)


class OrganisationKind(StrEnum):
    """What sort of organisation asks."""

    MUNICIPALITY = "municipality"
    OTHER = "other"


class Organisation(Model):
    """A municipality, or another organisation that asks; ``code`` is the official CBS code of a municipality."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(20), default=OrganisationKind.OTHER)
    code: Mapped[str | None] = mapped_column(String(10), unique=True)
    province: Mapped[str | None] = mapped_column(String(40))
    domain: Mapped[str | None] = mapped_column(String(200), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="SET NULL"))


class TopicOwner(Model):
    """The advisor who knows an organisation in one topic; goes before the owner of the organisation as a whole."""

    __tablename__ = "topic_owner"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    advisor_id: Mapped[int] = mapped_column(ForeignKey("advisor.id", ondelete="CASCADE"), index=True)


class Contact(Model):
    """A person at an organisation, known by mail address; ``owner`` is the advisor who knows this person."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(FindableText(20), index=True)
    function: Mapped[str | None] = mapped_column(String(128))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    organisation: Mapped[Organisation | None] = relationship()
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("advisor.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    notes: Mapped[str | None] = mapped_column(SealedText())
