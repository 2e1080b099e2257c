"""Why a talk is not planned, in words that a page and the API both give. The services find the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from consult.booking.placing import TooMany, Withdrawn

if TYPE_CHECKING:
    from consult.booking.placing import NotOffered


def why_refused(refused: NotOffered) -> str:
    """The sentence for a visitor. Needs an app context."""
    if isinstance(refused, TooMany):
        return ngettext(
            "U heeft al %(num)s afspraak staan. Zeg die eerst af, of bel ons.",
            "U heeft al %(num)s afspraken staan. Zeg er eerst een af, of bel ons.",
            refused.limit,
        )
    if isinstance(refused, Withdrawn):
        return gettext("Dit gesprek kunt u zo niet plannen. Kies een ander gesprek.")
    return gettext("Dit gesprek kan niet op die plek.")
