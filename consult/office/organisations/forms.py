"""The forms of an organisation, of a person there, and of a file with organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, lazy_gettext
from wtforms import FileField, HiddenField, SelectField
from wtforms.fields import SelectChoice

from consult.office.forms import EditForm
from consult.office.organisations.known import provinces
from consult.people.models import OrganisationKind
from consult.people.organisations import ContactFacts, OrganisationFacts
from consult.web.addresses import check_email, check_phone
from consult.web.forms import AtMost, DeskForm, LineField, ParagraphsField, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Listed = Iterable[tuple[int, str]]

TOPIC = "topic_"


class OrganisationForm(EditForm):
    """An organisation and who knows it; ``of_topics`` adds a list for each topic."""

    name = LineField(
        lazy_gettext("Naam"),
        [Wanted(lazy_gettext("Vul een naam in.")), AtMost("organisation", lazy_gettext("De naam"))],
    )
    kind = SelectField(lazy_gettext("Soort"))
    province = SelectField(lazy_gettext("Provincie"))
    domain = LineField(lazy_gettext("Maildomein"), [AtMost("organisation", lazy_gettext("Het maildomein"))])
    owner_id = SelectField(lazy_gettext("Vaste adviseur"))
    why = LineField(lazy_gettext("Reden van de wissel"), [AtMost("reason", lazy_gettext("De reden"))])

    @classmethod
    def of_topics(cls, topics: Listed) -> type[OrganisationForm]:
        """The form with a list of advisors for each topic."""
        own = {f"{TOPIC}{number}": SelectField(name) for number, name in topics}
        return type("OrganisationForm", (cls,), own)

    def __init__(self, stored: Mapping[str, Any] | None, *, advisors: Listed, **kwargs: Any) -> None:
        super().__init__(stored, prefix="organisatie", **kwargs)
        self.kind.choices = [
            SelectChoice(OrganisationKind.MUNICIPALITY.value, gettext("Gemeente")),
            SelectChoice(OrganisationKind.OTHER.value, gettext("Anders")),
        ]
        self.province.choices = [SelectChoice("", gettext("Geen")), *provinces()]
        people = [SelectChoice("", gettext("Niemand")), *(SelectChoice(str(n), name) for n, name in advisors)]
        for field in (self.owner_id, *self.topic_fields().values()):
            field.choices = people

    def topic_fields(self) -> dict[int, SelectField]:
        """The lists by topic id."""
        return {
            int(name.removeprefix(TOPIC)): field
            for name, field in self._fields.items()
            if name.startswith(TOPIC)
        }

    @property
    def switches(self) -> bool:
        """Whether somebody else becomes the advisor, of the organisation or of a topic there, that it had."""
        before = self.stored or {}
        fields = {"owner_id": self.owner_id} | {
            f"{TOPIC}{n}": field for n, field in self.topic_fields().items()
        }
        return any(before.get(name) not in {None, "", field.data} for name, field in fields.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits, the domain included; another advisor needs a reason."""
        fits = super().validate(extra_validators)
        if self.switches and not self.why.data:
            self.why.errors = [_no_reason()]
            fits = False
        domain = (self.domain.data or "").strip().lower().removeprefix("@")
        self.domain.data = domain
        if domain and ("." not in domain or "@" in domain or " " in domain):
            self.domain.errors = [gettext("Vul alleen het deel na de @ in, bijvoorbeeld amsterdam.nl.")]
            return False
        return fits

    def facts(self) -> OrganisationFacts:
        """What was typed about the organisation."""
        return OrganisationFacts(
            name=self.name.data,
            kind=OrganisationKind(self.kind.data),
            province=self.province.data or None,
            domain=self.domain.data or None,
            owner_id=int(self.owner_id.data) if self.owner_id.data else None,
        )


class ContactForm(EditForm):
    """A person at an organisation."""

    name = LineField(
        lazy_gettext("Naam"),
        [Wanted(lazy_gettext("Vul een naam in.")), AtMost("name", lazy_gettext("De naam"))],
    )
    function = LineField(lazy_gettext("Functie"), [AtMost("name", lazy_gettext("De functie"))])
    email = LineField(lazy_gettext("E-mailadres"), [check_email])
    phone = LineField(lazy_gettext("Telefoon"), [check_phone])
    owner_id = SelectField(lazy_gettext("Vaste adviseur"))
    why = LineField(lazy_gettext("Reden van de wissel"), [AtMost("reason", lazy_gettext("De reden"))])
    note = ParagraphsField(
        lazy_gettext("Wat moet de nieuwe adviseur weten?"),
        [AtMost("note", lazy_gettext("De notitie"))],
        render_kw={"rows": 3},
    )

    def __init__(self, stored: Mapping[str, Any] | None, *, advisors: Listed, **kwargs: Any) -> None:
        super().__init__(stored, prefix="contact", **kwargs)
        self._owner_before = str((stored or {}).get("owner_id", ""))
        people = [SelectChoice(str(number), name) for number, name in advisors]
        self.owner_id.choices = [SelectChoice("", gettext("Niemand")), *people]

    @property
    def switches(self) -> bool:
        """Whether somebody else becomes the advisor of a person who had one."""
        return self._owner_before not in {"", self.owner_id.data}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits; another advisor needs a reason, and what that one must know."""
        fits = super().validate(extra_validators)
        if self.switches and not self.why.data:
            self.why.errors = [_no_reason()]
            fits = False
        if self.switches and self.owner_id.data and not self.note.data:
            self.note.errors = [gettext("Schrijf wat de nieuwe adviseur moet weten.")]
            fits = False
        return fits

    def facts(self) -> ContactFacts:
        """What was typed."""
        return ContactFacts(
            name=self.name.data,
            email=self.email.data or None,
            phone=self.phone.data or None,
            function=self.function.data or None,
            owner_id=int(self.owner_id.data) if self.owner_id.data else None,
        )


def _no_reason() -> str:
    return gettext("Schrijf waarom een ander de vaste adviseur wordt.")


class FileForm(DeskForm):
    """A file to look at; ``text`` carries what was read to the second step, ``seen`` what that would do."""

    file = FileField(lazy_gettext("Bestand (CSV)"), render_kw={"accept": ".csv,text/csv"})
    text = HiddenField()
    seen = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="bestand", **kwargs)
