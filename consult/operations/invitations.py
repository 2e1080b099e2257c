"""Mail somebody the link with which a password is chosen: a new colleague, or one who lost the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.outbox.services import Mailing, queue
from consult.people.signin.links import OPEN_FOR, issue
from consult.web.public_urls import password_url

if TYPE_CHECKING:
    from datetime import datetime

    from consult.database import DbSession
    from consult.people.accounts import Account
    from consult.settings import Settings


def invite(
    session: DbSession, account: Account, *, settings: Settings, now: datetime, is_new: bool = True
) -> str:
    """Queue the mail, and give the link too, for who cannot receive mail yet. An earlier link ends."""
    link = password_url(settings, issue(account, now=now))
    mailing = Mailing(
        event="account-invited" if is_new else "account-reset",
        about=("account", account.id),
        to_name=account.advisor.name if account.advisor else account.email,
        to_address=account.email,
        from_name=settings.firm_name,
        language=settings.locale,
        expires_at=now + OPEN_FOR,
        context={"link": link},
    )
    queue(session, mailing, settings=settings, now=now)
    session.flush()
    return link
