"""The forms of a visitor: ask a question, add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, SubmitField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from consult.contact.intake import NewEnquiry
from consult.contact.models import Channel
from consult.web.addresses import check_email, check_phone
from consult.web.forms import AtMost, ChoiceField, LineField, ParagraphsField, PublicForm, Wanted
from consult.web.limits import costs_nothing
from consult.web.personal_data import PersonalData, personal_data_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field, Form

    from consult.people.models import Advisor, Topic

ANYONE = ""


class NeededFor:
    """The field must be filled in when one of these channels is chosen."""

    def __init__(self, *channels: Channel, message: object) -> None:
        self.channels = channels
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop at an empty field.

        Raises:
            StopValidation: the field is empty and the channel needs it.
        """
        if not field.data and form["channel"].data in self.channels:
            raise StopValidation(str(self.message))


class LooksTwice(PublicForm):
    """A form that asks once whether data of residents may be left out, and then takes the text as it is."""

    anyway = HiddenField()
    hints: tuple[PersonalData, ...] = ()

    def is_final(self) -> bool:
        """Whether it was sent, fits, and holds nothing to ask about; what was asked once is not asked again."""
        if not self.validate_on_submit():
            return False
        if not self.anyway.data:
            texts = (field.data or "" for field in self if isinstance(field, ParagraphsField))
            self.hints = personal_data_in("\n".join(texts))
        if self.hints:
            self.anyway.data = "1"
            costs_nothing()
        return not self.hints


class EnquiryForm(LooksTwice):
    """A question in three fields; what else may be told is optional. Nobody types a question within seconds."""

    people_need_time = True

    question = ParagraphsField(
        _l("Uw vraag"),
        [Wanted(_l("Vul uw vraag in.")), AtMost("question", _l("Uw vraag"))],
        render_kw={"rows": 7},
    )
    name = LineField(
        _l("Uw naam"),
        [Wanted(_l("Vul uw naam in.")), AtMost("name", _l("Uw naam"))],
        render_kw={"autocomplete": "name"},
    )
    channel = ChoiceField(
        _l("Hoe wilt u antwoord?"),
        [Wanted(_l("Kies hoe u antwoord wilt."))],
        choices=[
            SelectChoice(Channel.EMAIL.value, _l("Per e-mail")),
            SelectChoice(Channel.PHONE.value, _l("Bel mij terug")),
            SelectChoice(Channel.WHATSAPP.value, _l("Via WhatsApp")),
        ],
        default=Channel.EMAIL.value,
    )
    email = LineField(
        _l("Uw e-mailadres"),
        [
            NeededFor(Channel.EMAIL, message=_l("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.")),
            AtMost("email", _l("Uw e-mailadres")),
            check_email,
        ],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )
    phone = LineField(
        _l("Uw telefoonnummer"),
        [
            NeededFor(Channel.PHONE, Channel.WHATSAPP, message=_l("Vul uw telefoonnummer in.")),
            AtMost("phone", _l("Uw telefoonnummer")),
            check_phone,
        ],
        render_kw={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    )
    reachable = LineField(
        _l("Wanneer bent u bereikbaar?"),
        [AtMost("reachable", _l("Uw antwoord"))],
    )
    organisation = LineField(
        _l("Uw organisatie"),
        [AtMost("organisation", _l("De naam van uw organisatie"))],
        render_kw={"autocomplete": "organization"},
    )
    topic = SelectField(_l("Onderwerp"), validate_choice=False)
    advisor = SelectField(_l("Adviseur"), validate_choice=False)
    urgent = BooleanField(_l("Dit heeft haast"))
    needs = LineField(_l("Wat heeft u nu nodig?"), [AtMost("needs", _l("Uw antwoord"))])
    website = StringField(_l("Laat dit veld leeg"))
    submit = SubmitField(_l("Verstuur uw vraag"))

    def offer(self, topics: Iterable[Topic], advisors: Iterable[Advisor], language: str) -> None:
        """Set what can be chosen; a value that is not among it counts as no choice."""
        self.topic.choices = [
            SelectChoice(ANYONE, _l("Kies een onderwerp")),
            *(
                SelectChoice(topic.slug, topic.name if language == "nl" else topic.name_en)
                for topic in topics
            ),
        ]
        self.advisor.choices = [
            SelectChoice(ANYONE, _l("Maakt niet uit")),
            *(SelectChoice(advisor.slug, advisor.name) for advisor in advisors),
        ]
        for choice in (self.topic, self.advisor):
            if choice.data not in {offered.value for offered in choice.choices}:
                choice.data = ANYONE

    def enquiry(
        self, *, topic_id: int | None, advisor_id: int | None, page_id: int | None, language: str
    ) -> NewEnquiry:
        """What was asked, after ``validate()``."""
        return NewEnquiry(
            form_key=self.form_key,
            question=self.question.data,
            name=self.name.data,
            channel=Channel(self.channel.data),
            email=self.email.data or None,
            phone=self.phone.data or None,
            reachable=self.reachable.data or None,
            organisation=self.organisation.data or None,
            topic_id=topic_id,
            advisor_id=advisor_id,
            page_id=page_id,
            urgent=bool(self.urgent.data),
            needs=(self.needs.data or None) if self.urgent.data else None,
            language=language,
            pot=self.website.data or None,
        )


class VisitorMessageForm(LooksTwice):
    """Something to add to a question."""

    message = ParagraphsField(
        _l("Uw bericht"),
        [Wanted(_l("Vul uw bericht in.")), AtMost("message", _l("Uw bericht"))],
        render_kw={"rows": 5},
    )
    submit = SubmitField(_l("Verstuur uw bericht"))
