"""What an advisor types at one question; each form has a prefix, so that several fit on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext
from wtforms import SelectField
from wtforms.fields import SelectChoice

from consult.desk.forms import TokenTold
from consult.web.forms import AtMost, LineField, ParagraphsField, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable


class ReplyForm(TokenTold):
    """An answer; the visitor gets it by mail."""

    text = ParagraphsField(
        lazy_gettext("Uw antwoord"),
        [Wanted(lazy_gettext("Schrijf een antwoord.")), AtMost("message", lazy_gettext("Uw antwoord"))],
        render_kw={"rows": 8},
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="antwoord", **kwargs)


class NoteForm(TokenTold):
    """A note that only colleagues see."""

    text = ParagraphsField(
        lazy_gettext("Uw notitie"),
        [Wanted(lazy_gettext("Schrijf een notitie.")), AtMost("note", lazy_gettext("Uw notitie"))],
        render_kw={"rows": 4},
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="notitie", **kwargs)


class HandOverForm(TokenTold):
    """To whom a question goes, and why."""

    advisor = SelectField(
        lazy_gettext("Collega"), [Wanted(lazy_gettext("Kies een collega."))], validate_choice=True
    )
    why = LineField(
        lazy_gettext("Reden"),
        [
            Wanted(lazy_gettext("Schrijf waarom u de vraag overdraagt.")),
            AtMost("reason", lazy_gettext("Uw reden")),
        ],
    )

    def __init__(self, colleagues: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(prefix="overdracht", **kwargs)
        nobody = SelectChoice("", str(lazy_gettext("Kies een collega")))
        self.advisor.choices = [nobody, *(SelectChoice(str(number), name) for number, name in colleagues)]
