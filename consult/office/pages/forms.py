"""The form of a contact page: texts, people in order with their channels, and where it may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, FileField, HiddenField, SelectField
from wtforms.fields import SelectChoice

from consult.contact.embedding import as_origin
from consult.contact.upkeep.pages import PageFacts, Place
from consult.office.forms import EditForm
from consult.people.slugs import slug_of
from consult.web.forms import AtMost, DeskForm, LineField, ParagraphsField, Wanted, WholeField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consult.contact.models import ContactPage

    Listed = Iterable[tuple[int, str]]

CHANNELS = ("by_phone", "by_whatsapp", "by_email")


class PersonRow(NamedTuple):
    """The fields of one advisor: the place on the page, and the channels."""

    name: str
    place: Field
    channels: tuple[Field, ...]


class PageForm(EditForm):
    """A contact page; ``with_people`` adds the fields of each advisor."""

    title = LineField(
        lazy_gettext("Titel"),
        [Wanted(lazy_gettext("Vul een titel in.")), AtMost("subject", lazy_gettext("De titel"))],
    )
    slug = LineField(lazy_gettext("Naam in het adres"), [Wanted(lazy_gettext("Vul een naam in."))])
    intro = ParagraphsField(
        lazy_gettext("Inleiding"), [AtMost("note", lazy_gettext("De inleiding"))], render_kw={"rows": 3}
    )
    body = ParagraphsField(
        lazy_gettext("Tekst"), [AtMost("page_text", lazy_gettext("De tekst"))], render_kw={"rows": 12}
    )
    invitation = ParagraphsField(
        lazy_gettext("Uitnodiging boven het contactblok"),
        [AtMost("note", lazy_gettext("De uitnodiging"))],
        render_kw={"rows": 2},
    )
    topic_id = SelectField(lazy_gettext("Thema"))
    article_url = LineField(
        lazy_gettext("Adres van het artikel"), [AtMost("address", lazy_gettext("Het adres"))]
    )
    handout_title = LineField(
        lazy_gettext("Titel van de handreiking"), [AtMost("subject", lazy_gettext("De titel"))]
    )
    in_order = BooleanField(lazy_gettext("Bij gelijke drukte krijgt de bovenste adviseur de vraag"))
    sites = ParagraphsField(lazy_gettext("Websites die de pagina mogen tonen"), render_kw={"rows": 3})
    active = BooleanField(lazy_gettext("De pagina is te zien"), default=True)

    @classmethod
    def with_people(cls, advisors: Listed) -> type[PageForm]:
        """The form with a place and channels for each of these advisors."""
        own: dict[str, Any] = {}
        for number, name in advisors:
            own[f"place_{number}"] = WholeField(
                gettext("Plek van %(name)s", name=name), low=1, high=99, optional=True
            )
            words = (gettext("bellen"), gettext("appen"), gettext("mailen"))
            for channel, word in zip(CHANNELS, words, strict=True):
                label = gettext("%(name)s %(channel)s", name=name, channel=word)
                own[f"{channel}_{number}"] = BooleanField(label, default=True)
        return type("PageForm", (cls,), own)

    def __init__(
        self,
        stored: Mapping[str, Any] | None,
        *,
        advisors: Listed,
        topics: Listed,
        **kwargs: Any,
    ) -> None:
        super().__init__(stored, prefix="pagina", **kwargs)
        self.people = list(advisors)
        topic_choices = [SelectChoice(str(number), name) for number, name in topics]
        self.topic_id.choices = [SelectChoice("", gettext("Geen thema")), *topic_choices]

    def person_rows(self) -> list[PersonRow]:
        """The fields of everybody, who is on the page first and in order."""
        rows = [
            PersonRow(
                name,
                self[f"place_{number}"],
                tuple(self[f"{channel}_{number}"] for channel in CHANNELS),
            )
            for number, name in self.people
        ]
        return sorted(rows, key=lambda row: (row.place.data is None, row.place.data or 0))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits: the name in the address, the article, and each site."""
        fits = super().validate(extra_validators)
        wrong = [line for line in self._site_lines() if as_origin(line) is None]
        if wrong:
            self.sites.errors = [
                gettext(
                    "Vul een website zo in: https://www.gemeente.nl. Dit klopt niet: %(text)s.", text=wrong[0]
                )
            ]
        slug = self.slug.data or ""
        if slug and slug != slug_of(slug):
            example = slug_of(slug) or "polarisatie"
            self.slug.errors = [
                gettext(
                    "Gebruik kleine letters, cijfers en streepjes. Bijvoorbeeld: %(example)s.",
                    example=example,
                )
            ]
        article = self.article_url.data or ""
        if article and not article.startswith(("https://", "http://")):
            self.article_url.errors = [gettext("Begin het adres met https://.")]
        return fits and not (self.sites.errors or self.slug.errors or self.article_url.errors)

    def facts(self) -> PageFacts:
        """What was typed; two people with the same place stand in order of their names."""
        shown = sorted(
            ((self[f"place_{number}"].data, name, number) for number, name in self.people
             if self[f"place_{number}"].data is not None),
        )  # fmt: skip
        return PageFacts(
            slug=self.slug.data,
            title=self.title.data,
            intro=self.intro.data or "",
            body=self.body.data or "",
            invitation=self.invitation.data or "",
            article_url=self.article_url.data or None,
            topic_id=int(self.topic_id.data) if self.topic_id.data else None,
            handout_title=self.handout_title.data or None,
            in_order=self.in_order.data,
            active=self.active.data,
            allowed_sites=tuple(dict.fromkeys(filter(None, map(as_origin, self._site_lines())))),
            places=tuple(
                Place(
                    advisor_id=number, **{channel: self[f"{channel}_{number}"].data for channel in CHANNELS}
                )
                for _place, _name, number in shown
            ),
        )

    def _site_lines(self) -> list[str]:
        return [line.strip() for line in (self.sites.data or "").splitlines() if line.strip()]


class HandoutForm(DeskForm):
    """A file to hand out; ``seen`` marks the file that stood there when the page was opened."""

    file = FileField(lazy_gettext("Bestand"), render_kw={"accept": ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp"})
    seen = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="handreiking", **kwargs)


def stored(page: ContactPage, advisors: Listed) -> dict[str, Any]:
    """What stands in the database, by the names of the fields."""
    places = {row.advisor_id: (place, row) for place, row in enumerate(page.people, start=1)}
    own: dict[str, Any] = {
        "title": page.title,
        "slug": page.slug,
        "intro": page.intro,
        "body": page.body,
        "invitation": page.invitation,
        "topic_id": str(page.topic_id or ""),
        "article_url": page.article_url or "",
        "handout_title": page.handout_title or "",
        "in_order": page.in_order,
        "sites": "\n".join(page.allowed_sites),
        "active": page.active,
    }
    for number, _name in advisors:
        place, row = places.get(number, (None, None))
        own[f"place_{number}"] = place
        own |= {f"{channel}_{number}": getattr(row, channel) if row else True for channel in CHANNELS}
    return own
