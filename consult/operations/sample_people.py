"""Sample people: topics, advisors with accounts, hours and absences, teams, all municipalities, and contacts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from consult.operations.sample_rows import Keys, Progress, store, store_plain
from consult.people.accounts import RoleName
from consult.people.models import (
    Absence,
    Advisor,
    Contact,
    Organisation,
    OrganisationKind,
    Team,
    Topic,
    WorkingHours,
    advisor_topic,
    team_member,
)
from consult.people.municipalities import municipalities
from consult.people.signin import create_account

if TYPE_CHECKING:
    from datetime import date

    from consult.database import DbSession
    from consult.operations.sample.content import SampleAdvisor
    from consult.operations.sample.shapes import SamplePlan

ZONE = "Europe/Amsterdam"
# Long enough ago that everybody was there for the whole of the history.
JOINED = timedelta(days=400)


def store_people(
    session: DbSession, plan: SamplePlan, keys: Keys, *, password: str, progress: Progress
) -> tuple[tuple[str, str, str], ...]:
    """Store everybody; gives who can sign in: name, address and role, the coordinator first."""
    topics = [
        {"slug": topic.slug, "name": topic.name, "name_en": topic.name_en, "position": place, "active": True}
        for place, topic in enumerate(plan.content.topics)
    ]
    keys.topic = dict(
        zip((topic.slug for topic in plan.content.topics), store(session, Topic, topics), strict=True)
    )
    sign_ins = _store_advisors(session, plan, keys, password, progress)
    _store_teams(session, plan, keys)
    _store_organisations(session, keys, progress)
    _store_contacts(session, plan, keys, progress)
    return sign_ins


def coordinator_of(plan: SamplePlan) -> SampleAdvisor:
    """Who coordinates: the first of the safety net, or the first of all."""
    return next((one for one in plan.advisors if one.fallback), plan.advisors[0])


def _store_advisors(
    session: DbSession, plan: SamplePlan, keys: Keys, password: str, progress: Progress
) -> tuple[tuple[str, str, str], ...]:
    progress.begin("advisors", len(plan.advisors))
    sign_ins = []
    coordinator = coordinator_of(plan)
    for one in sorted(plan.advisors, key=lambda one: one is not coordinator):
        roles = [RoleName.ADVISOR, *([RoleName.COORDINATOR] if one is coordinator else [])]
        account = create_account(session, one.email, password, roles, now=plan.now)
        sign_ins.append((one.name, one.email, str(roles[-1])))
        advisor = Advisor(
            account_id=account.id,
            slug=one.slug,
            name=one.name,
            first_name=one.first_name,
            role=one.role,
            role_en=one.role_en,
            email=one.email,
            phone=one.phone,
            whatsapp=one.phone,
            portrait=one.portrait,
            timezone=ZONE,
            weight=one.weight,
            fallback=one.fallback,
            joined_at=plan.now - JOINED,
        )
        session.add(advisor)
        session.flush()
        keys.advisor[one.slug] = advisor.id
        progress.advance(1)
    _store_schedules(session, plan, keys)
    return tuple(sign_ins)


def _store_schedules(session: DbSession, plan: SamplePlan, keys: Keys) -> None:
    competences = [
        {"advisor_id": keys.advisor[one.slug], "topic_id": keys.topic[slug]}
        for one in plan.advisors
        for slug in one.topics
    ]
    hours = [
        {
            "advisor_id": keys.advisor[one.slug],
            "weekday": block.weekday,
            "starts": block.starts,
            "ends": block.ends,
        }
        for one in plan.advisors
        for block in one.hours
    ]
    absences = [
        {
            "advisor_id": keys.advisor[one.advisor],
            "starts_at": _midnight(one.first_on),
            "ends_at": _midnight(one.last_on + timedelta(days=1)),
            "stand_in_id": keys.advisor[one.stand_in],
        }
        for one in plan.absences
    ]
    store_plain(session, advisor_topic, competences)
    store_plain(session, WorkingHours, hours)
    store_plain(session, Absence, absences)


def _store_teams(session: DbSession, plan: SamplePlan, keys: Keys) -> None:
    teams = store(session, Team, [{"slug": team.slug, "name": team.name} for team in plan.teams])
    members = [
        {"team_id": key, "advisor_id": keys.advisor[slug]}
        for key, team in zip(teams, plan.teams, strict=True)
        for slug in team.members
    ]
    store_plain(session, team_member, members)


def _store_organisations(session: DbSession, keys: Keys, progress: Progress) -> None:
    rows = [
        {
            "name": one.name,
            "kind": OrganisationKind.MUNICIPALITY,
            "code": one.code,
            "province": one.province,
            "domain": one.domain or None,
        }
        for one in municipalities()
    ]
    progress.begin("municipalities", len(rows))
    keys.organisation = dict(
        zip((one.code for one in municipalities()), store(session, Organisation, rows, progress), strict=True)
    )


def _store_contacts(session: DbSession, plan: SamplePlan, keys: Keys, progress: Progress) -> None:
    rows = [
        {
            "name": one.name,
            "email": one.email,
            "phone": one.phone,
            "function": one.function,
            "organisation_id": keys.organisation[one.organisation] if one.organisation else None,
            "owner_id": keys.advisor[one.owner] if one.owner else None,
            "created_at": plan.now - JOINED,
        }
        for one in plan.contacts
    ]
    progress.begin("contacts", len(rows))
    keys.contact = dict(enumerate(store(session, Contact, rows, progress)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(ZONE))
