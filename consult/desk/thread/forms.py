"""What an advisor types at one question; each form has a prefix, so that several fit on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, HiddenField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from consult.web.forms import AtMost, DeskForm, LineField, ParagraphsField, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class ReplyForm(DeskForm):
    """An answer; the visitor gets it by mail. ``seen`` is the newest entry that its writer had before their eyes."""

    text = ParagraphsField(
        lazy_gettext("Uw antwoord"),
        [Wanted(lazy_gettext("Schrijf een antwoord.")), AtMost("message", lazy_gettext("Uw antwoord"))],
        render_kw={"rows": 8},
    )
    seen = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="antwoord", **kwargs)

    @property
    def seen_id(self) -> int:
        """The number of that entry; 0 when there was none."""
        told = str(self.seen.data or "")
        return int(told) if told.isdecimal() and len(told) < 10 else 0


class NoteForm(DeskForm):
    """A note that only colleagues see."""

    text = ParagraphsField(
        lazy_gettext("Uw notitie"),
        [Wanted(lazy_gettext("Schrijf een notitie.")), AtMost("note", lazy_gettext("Uw notitie"))],
        render_kw={"rows": 4},
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="notitie", **kwargs)


class HandOverForm(DeskForm):
    """To whom a question goes, why, and what the colleague must know."""

    advisor = SelectField(
        lazy_gettext("Collega of team"), [Wanted(lazy_gettext("Kies een collega."))], validate_choice=True
    )
    why = LineField(
        lazy_gettext("Reden"),
        [
            Wanted(lazy_gettext("Schrijf waarom u de vraag overdraagt.")),
            AtMost("reason", lazy_gettext("Uw reden")),
        ],
    )
    note = ParagraphsField(
        lazy_gettext("Wat moet uw collega weten?"),
        [
            Wanted(lazy_gettext("Schrijf wat uw collega moet weten.")),
            AtMost("note", lazy_gettext("Uw notitie")),
        ],
        render_kw={"rows": 3},
    )

    def __init__(self, receivers: Iterable[SelectChoice], **kwargs: Any) -> None:
        super().__init__(prefix="overdracht", **kwargs)
        self.advisor.choices = list(receivers)


class CallForm(DeskForm):
    """What came of calling; of "later" also when to call again, from the list or on a day of choice."""

    note = LineField(lazy_gettext("Wat is besproken?"), [AtMost("note", lazy_gettext("Uw tekst"))])
    result = HiddenField(name="uitkomst")
    day = DateField(lazy_gettext("Andere dag"), [Optional()])
    part = SelectField(
        lazy_gettext("Deel van de dag"),
        choices=[
            SelectChoice("ochtend", lazy_gettext("Ochtend, 9 tot 12 uur")),
            SelectChoice("middag", lazy_gettext("Middag, 13 tot 17 uur")),
        ],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="bellen", **kwargs)


class ChatForm(DeskForm):
    """A chat from elsewhere, to keep in the thread."""

    text = ParagraphsField(
        lazy_gettext("Het gesprek"),
        [Wanted(lazy_gettext("Plak het gesprek hier.")), AtMost("message", lazy_gettext("Het gesprek"))],
        render_kw={"rows": 5},
    )
    answered = BooleanField(lazy_gettext("De vraag is hiermee beantwoord"), default=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="chat", **kwargs)


class SnoozeForm(DeskForm):
    """Until which day a question may stay out of sight."""

    until = DateField(lazy_gettext("Uitstellen tot"), [Wanted(lazy_gettext("Kies een dag."))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="uitstel", **kwargs)


class MergeForm(DeskForm):
    """Into which other question of the same person this one goes."""

    into = SelectField(lazy_gettext("Samen met"), [Wanted(lazy_gettext("Kies een vraag."))])

    def __init__(self, others: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(prefix="samen", **kwargs)
        nothing = SelectChoice("", str(lazy_gettext("Kies een vraag")))
        self.into.choices = [nothing, *(SelectChoice(number, words) for number, words in others)]


class RedactForm(DeskForm):
    """The words that must not stand anywhere any more."""

    passage = LineField(
        lazy_gettext("Welke tekst moet weg?"),
        [Wanted(lazy_gettext("Vul in welke tekst weg moet.")), AtMost("reason", lazy_gettext("De tekst"))],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="weglaten", **kwargs)


class SavedReplyForm(DeskForm):
    """A reply to use again."""

    title = LineField(
        lazy_gettext("Naam van de tekst"),
        [Wanted(lazy_gettext("Geef de tekst een naam.")), AtMost("title", lazy_gettext("De naam"))],
    )
    body = ParagraphsField(
        lazy_gettext("Tekst"),
        [Wanted(lazy_gettext("Schrijf de tekst.")), AtMost("message", lazy_gettext("De tekst"))],
        render_kw={"rows": 10},
    )
    for_all = BooleanField(lazy_gettext("Voor iedereen"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="tekst", **kwargs)
