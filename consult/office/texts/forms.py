"""The form of one text: a subject and a body, with every place in them looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext

from consult.office.forms import EditForm, digest
from consult.office.texts.words import told
from consult.outbox.texts.kinds import FirmText, Said
from consult.web.forms import AtMost, LineField, ParagraphsField, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TOLD = 3


class TextForm(EditForm):
    """One text; one that a page shows has no subject."""

    subject = LineField(
        lazy_gettext("Onderwerp"),
        [Wanted(lazy_gettext("Vul een onderwerp in.")), AtMost("subject", lazy_gettext("Het onderwerp"))],
    )
    body = ParagraphsField(
        lazy_gettext("Tekst"),
        [Wanted(lazy_gettext("Vul een tekst in.")), AtMost("message", lazy_gettext("De tekst"))],
        render_kw={"rows": 16, "spellcheck": "true"},
    )

    def __init__(self, text: FirmText, language: str, stored: Mapping[str, Any], **kwargs: Any) -> None:
        kept = {name: stored[name] for name in stored if text.event or name != "subject"}
        super().__init__(kept, prefix="tekst", **kwargs)
        self.text = text
        self.body.render_kw = {**self.body.render_kw, "lang": language}
        if text.event is None:
            del self.subject
        else:
            self.subject.render_kw = {"lang": language}

    def said(self) -> Said:
        """What was typed."""
        return Said((self.subject.data or "") if self.text.event else "", self.body.data or "")

    def show(self, said: Said) -> None:
        """Lay ``said`` before the reader with what is wrong in it, to be mended and saved."""
        wrong_subject, self.body.errors = (_in_one(sentences) for sentences in told(self.text, said))
        self.body.data, self.seen.data = said.body, digest(self.stored or {})
        if self.text.event:
            self.subject.data, self.subject.errors = said.subject, wrong_subject

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits, every place included."""
        fits = super().validate(extra_validators)
        subject, body = (_in_one(sentences) for sentences in told(self.text, self.said()))
        if subject and not self.subject.errors:
            self.subject.errors = subject
        if body and not self.body.errors:
            self.body.errors = body
        return fits and not (subject or body)


def _in_one(sentences: list[str]) -> list[str]:
    """The first few as one message: who mends those sees the others next."""
    return [" ".join(sentences[:MOST_TOLD])] if sentences else []
