"""What somebody did about signing in, written down in the trail: who, what and when, with no word that a person typed.

Refused passwords are not written here: only accounts that exist could be, and that would tell by its time which do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from consult.activity import services as activity
from consult.activity.models import Activity
from consult.activity.services import account_actor
from consult.outbox.services import Mailing, queue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.accounts import Account
    from consult.settings import Settings

SUBJECT = "account"
# Code → sentence; %(who)s is whose account it is.
SENTENCES = {
    "account.signed_in": _l("%(who)s heeft ingelogd."),
    "account.signed_out": _l("%(who)s heeft uitgelogd."),
    "account.step_refused": _l("De tweede stap van het inloggen klopte niet."),
    "account.proof_refused": _l("Het wachtwoord bij de vraag ‘Bent u het nog?’ klopte niet."),
    "account.recovery_used": _l("%(who)s heeft een herstelcode gebruikt."),
    "account.recovery_renewed": _l("%(who)s heeft nieuwe herstelcodes gemaakt."),
    "account.telephone_set": _l("%(who)s heeft een telefoon ingesteld."),
    "account.passkey_added": _l("%(who)s heeft een passkey toegevoegd."),
    "account.passkey_removed": _l("%(who)s heeft een passkey weggehaald."),
    "account.provider_linked": _l("%(who)s heeft het account van de organisatie gekoppeld."),
    "account.provider_parted": _l("%(who)s heeft het account van de organisatie losgekoppeld."),
    "account.password_asked": _l("Er is een link voor een nieuw wachtwoord gevraagd."),
    "account.password_changed": _l("%(who)s heeft een ander wachtwoord gekozen."),
    "account.sign_ins_ended": _l("%(who)s heeft ergens anders uitgelogd."),
    "account.address_changed": _l("%(who)s heeft een ander e-mailadres."),
    "account.reset": _l("Een beheerder heeft het inloggen opnieuw laten beginnen."),
    "account.invited": _l("Een beheerder heeft een uitnodiging gestuurd."),
    "account.roles_changed": _l("Een beheerder heeft veranderd wat dit account mag."),
    "account.switched_off": _l("Een beheerder heeft dit account uitgezet."),
    "account.switched_on": _l("Een beheerder heeft dit account weer aangezet."),
}
# How somebody signed in, as ``data["how"]`` of account.signed_in names it.
WAYS = {
    "password": _l("met een wachtwoord"),
    "code": _l("met een wachtwoord en een code"),
    "recovery": _l("met een wachtwoord en een herstelcode"),
    "passkey": _l("met een passkey"),
    "password_passkey": _l("met een wachtwoord en een passkey"),
    "provider": _l("met het account van de organisatie"),
}
SHOWN = 12


def record(session: DbSession, account_id: int, what: str, *, now: datetime, **data: str) -> None:
    """Write one act of this account down, in the running transaction; ``data`` holds codes only."""
    activity.record(session, (SUBJECT, account_id), what, actor=account_actor(account_id), now=now, **data)


def newest(session: DbSession, account_id: int) -> Sequence[Activity]:
    """What happened last to an account, the newest first."""
    return session.scalars(
        select(Activity)
        .where(Activity.subject_kind == SUBJECT, Activity.subject_id == account_id)
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(SHOWN)
    ).all()


def changed(session: DbSession, account: Account, what: str, *, settings: Settings, now: datetime) -> None:
    """Write down that this account has another way in, and tell its owner by mail (ASVS 6.3.7)."""
    record(session, account.id, what, now=now)
    mailing = Mailing(
        event="account-changed",
        about=(SUBJECT, account.id),
        to_name=account.email,
        to_address=account.email,
        from_name=settings.firm_name,
        language=settings.locale,
        context={"what": what},
    )
    queue(session, mailing, settings=settings, now=now)


def record_reset(session: DbSession, account_id: int, *, now: datetime) -> None:
    """Write down that whoever runs the machine let this account begin again."""
    activity.record(session, (SUBJECT, account_id), "account.reset", actor=activity.SYSTEM, now=now)


def own_words(act: Activity) -> str:
    """One act, as the account's owner reads it."""
    you = gettext("U")
    if act.what == "account.signed_in" and act.data.get("how") in WAYS:
        return gettext("%(who)s heeft ingelogd %(way)s.", who=you, way=WAYS[act.data["how"]])
    return str(SENTENCES[act.what]) % {"who": you} if act.what in SENTENCES else act.what
