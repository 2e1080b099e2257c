"""What the fields of a saved reply become for one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consult.contact.models import Enquiry
    from consult.people.models import Advisor
    from consult.settings import Settings


def field_values(enquiry: Enquiry, advisor: Advisor, settings: Settings) -> dict[str, str]:
    """The value of each of ``saved_replies.FIELDS``; empty where the question does not say."""
    organisation = enquiry.organisation.name if enquiry.organisation else enquiry.organisation_name
    return {
        "naam": enquiry.name,
        "voornaam": enquiry.name.split(maxsplit=1)[0] if enquiry.name.strip() else "",
        "organisatie": organisation or "",
        "adviseur": advisor.name,
        "nummer": enquiry.reference,
        "thema": enquiry.topic.name if enquiry.topic else "",
        "bureau": settings.firm_name,
    }
