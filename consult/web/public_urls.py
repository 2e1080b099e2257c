"""The addresses that leave the house in mails and calendars; a test holds them against the routes.

Made from the configured base address and never from a request, whose Host header anybody can set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consult.settings import Settings


def enquiry_url(settings: Settings, token: str) -> str:
    """The visitor's own page of a question."""
    return f"{settings.base_url}/v/{token}"


def own_data_url(settings: Settings, token: str) -> str:
    """Where a visitor takes a copy of their own data, or has it erased."""
    return f"{settings.base_url}/gegevens/{token}"


def booking_url(settings: Settings, token: str) -> str:
    """The visitor's own page of a talk."""
    return f"{settings.base_url}/a/{token}"


def series_url(settings: Settings, token: str) -> str:
    """The visitor's own page of a series of talks."""
    return f"{settings.base_url}/r/{token}"


def series_extend_url(settings: Settings, token: str) -> str:
    """Where a visitor goes on with a series."""
    return f"{settings.base_url}/r/{token}/verlengen"


def session_url(settings: Settings, slug: str) -> str:
    """The public page of a group session."""
    return f"{settings.base_url}/bijeenkomst/{slug}"


def seat_url(settings: Settings, token: str) -> str:
    """The own page of one who signed up for a group session."""
    return f"{settings.base_url}/s/{token}"


def desk_url(settings: Settings) -> str:
    """Vandaag at the desk."""
    return f"{settings.base_url}/werkplek/"


def desk_enquiry_url(settings: Settings, reference: str) -> str:
    """A question at the desk."""
    return f"{settings.base_url}/werkplek/vragen/{reference}"


def desk_urgent_url(settings: Settings, reference: str) -> str:
    """Where a question that cannot wait is taken."""
    return f"{settings.base_url}/werkplek/vragen/{reference}/haast"


def desk_booking_url(settings: Settings, reference: str) -> str:
    """A talk at the desk."""
    return f"{settings.base_url}/werkplek/afspraken/{reference}"


def desk_session_url(settings: Settings, slug: str) -> str:
    """A group session at the desk, with those who come."""
    return f"{settings.base_url}/werkplek/bijeenkomsten/{slug}"


def office_figures_url(settings: Settings) -> str:
    """The figures in the office."""
    return f"{settings.base_url}/beheer/cijfers"


def feed_url(settings: Settings, token: str) -> str:
    """The address at which a calendar subscribes to the talks of an advisor or a team."""
    return f"{settings.base_url}/agenda/{token}.ics"


def provider_return_url(settings: Settings) -> str:
    """Where the provider of OpenID Connect sends a browser back to."""
    return f"{settings.base_url}/inloggen/organisatie/terug"


def new_address_url(settings: Settings, token: str) -> str:
    """Where a colleague proves a new mail address, once."""
    return f"{settings.base_url}/inloggen/adres/{token}"


def lost_password_url(settings: Settings, token: str) -> str:
    """Where a colleague who lost the password chooses another, once."""
    return f"{settings.base_url}/inloggen/nieuw-wachtwoord/{token}"


def password_url(settings: Settings, token: str) -> str:
    """Where a colleague chooses a password, once."""
    return f"{settings.base_url}/inloggen/wachtwoord/{token}"
