"""The form of the simulator: a question that nobody asked. It is sent with GET, so that it can be kept as a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice

from consult.contact.models import Channel
from consult.contact.rules.what_if import Supposed
from consult.office.rules.sentences import channel_name
from consult.web.forms import BaseForm, LineField, ParagraphsField

if TYPE_CHECKING:
    from collections.abc import Iterable

    Listed = Iterable[tuple[str, str]]

LISTS = ("pagina", "thema", "adviseur", "antwoord", "taal_vraag", "soort")
OPEN = {"taal_vraag": "nl"}


class SupposedForm(BaseForm):
    """What is known of the question; nothing has to be."""

    class Meta(BaseForm.Meta):
        """WTForms' settings: nothing is changed, so there is nothing to protect."""

        csrf = False

    pagina = SelectField(lazy_gettext("Pagina"))
    thema = SelectField(lazy_gettext("Thema"))
    organisatie = LineField(lazy_gettext("Organisatie"))
    email = LineField(lazy_gettext("E-mailadres van de bezoeker"))
    adviseur = SelectField(lazy_gettext("Gekozen adviseur"))
    antwoord = SelectField(lazy_gettext("Antwoord"))
    taal_vraag = SelectField(lazy_gettext("Taal van de vraag"))
    soort = SelectField(lazy_gettext("Soort gesprek"))
    tekst = ParagraphsField(lazy_gettext("Woorden van de vraag"), render_kw={"rows": 3})
    haast = BooleanField(lazy_gettext("Dit heeft haast"))

    def __init__(
        self,
        asked: MultiDict[str, str],
        *,
        pages: Listed,
        topics: Listed,
        advisors: Listed,
        meeting_types: Listed,
        **kwargs: Any,
    ) -> None:
        # An address may name only a part of it; what it leaves out is left open.
        left_out = [(name, OPEN.get(name, "")) for name in LISTS if name not in asked]
        super().__init__(formdata=MultiDict([*asked.items(multi=True), *left_out]), **kwargs)
        any_one = gettext("Maakt niet uit")
        self.pagina.choices = _with(gettext("Geen pagina"), pages)
        self.thema.choices = _with(gettext("Geen thema"), topics)
        self.adviseur.choices = _with(any_one, advisors)
        self.antwoord.choices = _with(any_one, ((str(each), channel_name(each)) for each in Channel))
        self.taal_vraag.choices = [
            SelectChoice("nl", gettext("Nederlands")),
            SelectChoice("en", gettext("Engels")),
        ]
        self.soort.choices = _with(gettext("Geen gesprek"), meeting_types)

    def supposed(self) -> Supposed:
        """The question as routing takes it."""
        return Supposed(
            page=self.pagina.data or None,
            topic=self.thema.data or None,
            organisation=self.organisatie.data or None,
            advisor=self.adviseur.data or None,
            email=self.email.data or None,
            channel=Channel(self.antwoord.data) if self.antwoord.data else None,
            text=self.tekst.data or "",
            language=self.taal_vraag.data,
            urgent=self.haast.data,
            meeting_type_id=int(self.soort.data) if self.soort.data else None,
        )


def _with(none: str, listed: Listed) -> list[SelectChoice]:
    return [SelectChoice("", none), *(SelectChoice(value, label) for value, label in listed)]
