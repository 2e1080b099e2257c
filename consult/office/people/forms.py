"""The forms of topics, advisors and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext
from wtforms import BooleanField
from wtforms.fields import SelectChoice

from consult.office.forms import EditForm, Ticks
from consult.people.profiles import Profile
from consult.people.topics import TopicFacts
from consult.web.addresses import check_email, check_phone
from consult.web.forms import AtMost, LineField, Wanted, WholeField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Listed = Iterable[tuple[int, str]]

NAME = AtMost("name", lazy_gettext("De naam"))
HOUR = 60


class TopicForm(EditForm):
    """A topic: names, promise, who is competent."""

    name = LineField(lazy_gettext("Naam"), [Wanted(lazy_gettext("Vul een naam in.")), NAME])
    name_en = LineField(
        lazy_gettext("Naam in het Engels"), [Wanted(lazy_gettext("Vul de Engelse naam in.")), NAME]
    )
    answer_days = WholeField(lazy_gettext("Antwoord binnen (werkdagen)"), low=1, high=30, default=1)
    urgent_hours = WholeField(lazy_gettext("Bij haast binnen (werkuren)"), low=1, high=40, default=2)
    advisor_ids = Ticks(lazy_gettext("Wie werkt aan dit thema?"), coerce=int)
    active = BooleanField(lazy_gettext("Bezoekers kunnen dit thema kiezen"), default=True)

    def __init__(self, stored: Mapping[str, Any] | None, *, advisors: Listed, **kwargs: Any) -> None:
        super().__init__(stored, prefix="thema", **kwargs)
        self.advisor_ids.choices = _choices(advisors)

    def facts(self) -> TopicFacts:
        """What was typed."""
        return TopicFacts(
            name=self.name.data,
            name_en=self.name_en.data,
            answer_days=self.answer_days.data,
            urgent_minutes=self.urgent_hours.data * HOUR,
            active=self.active.data,
            advisor_ids=frozenset(self.advisor_ids.data or ()),
        )


class TeamForm(EditForm):
    """A team and who is in it."""

    name = LineField(lazy_gettext("Naam"), [Wanted(lazy_gettext("Vul een naam in.")), NAME])
    member_ids = Ticks(lazy_gettext("Wie zit in dit team?"), coerce=int)

    def __init__(self, stored: Mapping[str, Any] | None, *, advisors: Listed, **kwargs: Any) -> None:
        super().__init__(stored, prefix="team", **kwargs)
        self.member_ids.choices = _choices(advisors)


class AdvisorForm(EditForm):
    """An advisor: who it is, what this person answers, and how much of it."""

    name = LineField(lazy_gettext("Naam"), [Wanted(lazy_gettext("Vul een naam in.")), NAME])
    first_name = LineField(
        lazy_gettext("Voornaam"),
        [Wanted(lazy_gettext("Vul een voornaam in.")), AtMost("first_name", lazy_gettext("De voornaam"))],
    )
    role = LineField(lazy_gettext("Functie"), [AtMost("name", lazy_gettext("De functie"))])
    role_en = LineField(lazy_gettext("Functie in het Engels"), [AtMost("name", lazy_gettext("De functie"))])
    email = LineField(
        lazy_gettext("E-mailadres"),
        [Wanted(lazy_gettext("Vul een e-mailadres in, bijvoorbeeld naam@gemeente.nl.")), check_email],
    )
    phone = LineField(lazy_gettext("Telefoon"), [check_phone])
    whatsapp = LineField(lazy_gettext("WhatsApp"), [check_phone])
    topic_ids = Ticks(lazy_gettext("Thema’s"), coerce=int)
    generalist = BooleanField(lazy_gettext("Werkt aan alle thema’s"))
    team_ids = Ticks(lazy_gettext("Teams"), coerce=int)
    weight = WholeField(lazy_gettext("Deel van het werk"), low=0, high=1000, default=100)
    capacity = WholeField(lazy_gettext("Meeste open vragen"), low=0, high=1000, optional=True)
    fallback = BooleanField(lazy_gettext("Zit in het vangnet"))
    active = BooleanField(lazy_gettext("Werkt hier"), default=True)

    def __init__(
        self, stored: Mapping[str, Any] | None, *, topics: Listed, teams: Listed, **kwargs: Any
    ) -> None:
        super().__init__(stored, prefix="adviseur", **kwargs)
        self.topic_ids.choices, self.team_ids.choices = _choices(topics), _choices(teams)

    def profile(self) -> Profile:
        """What was typed."""
        own = {name: self[name].data for name in Profile.__dataclass_fields__}
        own |= {"phone": self.phone.data or None, "whatsapp": self.whatsapp.data or None}
        own |= {name: frozenset(self[name].data or ()) for name in ("topic_ids", "team_ids")}
        return Profile(**own)


def _choices(listed: Listed) -> list[SelectChoice]:
    return [SelectChoice(number, name) for number, name in listed]
