"""What is filled in for a new webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from consult.office.forms import Ticks
from consult.web.forms import AtMost, DeskForm, LineField, Wanted
from consult.web.outgoing_guard import Refused, target_of
from consult.webhooks.services import NewWebhook
from consult.webhooks.telling import EventName
from consult.webhooks.wording import EVENTS, fault_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from wtforms import Field


class NewWebhookForm(DeskForm):
    """A new address; ``allow_hosts`` are those that the operator named."""

    name = LineField(
        lazy_gettext("Naam"),
        [
            Wanted(lazy_gettext("Vul in welk programma dit hoort.")),
            AtMost("name", lazy_gettext("De naam")),
        ],
    )
    url = LineField(
        lazy_gettext("Adres"),
        [
            Wanted(lazy_gettext("Vul het adres in dat het programma u gaf.")),
            AtMost("address", lazy_gettext("Het adres")),
        ],
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    events = Ticks(
        lazy_gettext("Wat moet dit programma horen?"),
        [Wanted(lazy_gettext("Kies minstens één gebeurtenis."))],
        choices=[SelectChoice(str(event), EVENTS[event]) for event in EventName],
    )

    def __init__(self, allow_hosts: Collection[str], **kwargs: Any) -> None:
        super().__init__(prefix="webhook", **kwargs)
        self._allow_hosts = allow_hosts

    def validate_url(self, field: Field) -> None:
        """Refuse an address to which we would never speak.

        Raises:
            StopValidation: with the reason.
        """
        try:
            target_of(field.data, self._allow_hosts)
        except Refused as refused:
            raise StopValidation(fault_words(refused.fault)) from None

    def chosen(self) -> NewWebhook:
        """What was filled in."""
        return NewWebhook(
            form_key=self.form_key,
            name=self.name.data or "",
            url=self.url.data or "",
            events=frozenset(EventName(each) for each in self.events.data or ()),
        )
