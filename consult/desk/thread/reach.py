"""The ways to reach who asked: links to call, app and mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask_babel import gettext

from consult.contact.models import Channel
from consult.web.addresses import shown_phone

if TYPE_CHECKING:
    from consult.contact.models import Enquiry


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach the visitor; ``wanted`` marks the one that was asked for."""

    icon: str
    text: str
    href: str
    wanted: bool


def ways_to_reach(enquiry: Enquiry, *, by: str) -> list[Reach]:
    """Links to call, app and mail, the wanted one first; the app opens with a greeting in the name of ``by``."""
    ways = []
    if enquiry.phone:
        number = shown_phone(enquiry.phone)
        greeting = quote(
            gettext("Dag %(name)s, u stelde ons een vraag. Groet, %(by)s", name=enquiry.name, by=by)
        )
        app_href = f"https://wa.me/{enquiry.phone.lstrip('+')}?text={greeting}"
        tel_href, call, app = f"tel:{enquiry.phone}", "phone", "chat"
        wants_call, wants_app = _wants(enquiry, Channel.PHONE), _wants(enquiry, Channel.WHATSAPP)
        ways.append(Reach(call, gettext("Bel %(number)s", number=number), tel_href, wants_call))
        ways.append(Reach(app, gettext("App %(number)s", number=number), app_href, wants_app))
    if enquiry.email:
        about = quote(gettext("Uw vraag %(reference)s", reference=enquiry.reference))
        href = f"mailto:{quote(enquiry.email, safe='@+')}?subject={about}"
        ways.append(Reach("mail", enquiry.email, href, _wants(enquiry, Channel.EMAIL)))
    return sorted(ways, key=lambda way: not way.wanted)


def _wants(enquiry: Enquiry, channel: Channel) -> bool:
    return enquiry.channel == channel
