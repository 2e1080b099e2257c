"""What is filled in about who can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext
from wtforms import BooleanField
from wtforms.fields import SelectChoice

from consult.office.forms import EditForm, Ticks
from consult.people.accounts import RoleName
from consult.web.addresses import check_email
from consult.web.forms import AtMost, DeskForm, LineField, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

ROLES = {
    RoleName.ADVISOR: lazy_gettext("Adviseur: beantwoordt vragen en voert gesprekken"),
    RoleName.COORDINATOR: lazy_gettext("Coördinator: houdt alles van Beheer bij"),
    RoleName.OPERATOR: lazy_gettext("Techniek: houdt de installatie en de API-sleutels bij"),
}
SHORT_ROLES = {
    RoleName.ADVISOR: lazy_gettext("Adviseur"),
    RoleName.COORDINATOR: lazy_gettext("Coördinator"),
    RoleName.OPERATOR: lazy_gettext("Techniek"),
}
CHOICES = [SelectChoice(str(role), words) for role, words in ROLES.items()]
ONE_AT_LEAST = Wanted(lazy_gettext("Kies wat deze persoon mag."))


class InviteForm(DeskForm):
    """A new colleague."""

    email = LineField(
        lazy_gettext("E-mailadres"),
        [
            Wanted(lazy_gettext("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.")),
            AtMost("email", lazy_gettext("Het adres")),
            check_email,
        ],
        render_kw={"type": "email", "autocomplete": "off", "inputmode": "email"},
    )
    roles = Ticks(lazy_gettext("Wat mag deze persoon?"), [ONE_AT_LEAST], choices=CHOICES)


class RolesForm(EditForm):
    """What somebody may do."""

    roles = Ticks(lazy_gettext("Wat mag deze persoon?"), [ONE_AT_LEAST], choices=CHOICES)

    def __init__(self, stored: Iterable[str]) -> None:
        super().__init__({"roles": sorted(stored)}, prefix="rollen")


class ResetForm(DeskForm):
    """Let somebody begin again."""

    second_step = BooleanField(lazy_gettext("De telefoon is ook kwijt: vergeet de tweede stap"))

    def __init__(self) -> None:
        super().__init__(prefix="opnieuw")
