"""What is filled in to act on several questions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext
from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from consult.desk.inbox.bulk import Act
from consult.web.forms import AtMost, DeskForm, LineField

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def receiver_choices(
    people: Iterable[tuple[int, str]], groups: Iterable[tuple[int, str]]
) -> list[SelectChoice]:
    """The list to hand over to: nobody yet, everybody at work, and the teams."""
    return [
        SelectChoice("", str(lazy_gettext("Kies een collega"))),
        *(SelectChoice(str(number), name) for number, name in people),
        *(
            SelectChoice(f"team-{number}", str(lazy_gettext("Team %(name)s", name=name)))
            for number, name in groups
        ),
    ]


class BulkForm(DeskForm):
    """Which questions, what to do, and what that needs to know."""

    chosen = SelectMultipleField(lazy_gettext("Vragen"), validate_choice=False, name="vraag")
    act = SelectField(lazy_gettext("Wat wilt u doen?"), validate_choice=False, name="doe")
    until = DateField(lazy_gettext("Uitstellen tot"), [Optional()], name="tot")
    receiver = SelectField(lazy_gettext("Collega of team"), validate_choice=False, name="naar")
    why = LineField(lazy_gettext("Reden"), [AtMost("reason", lazy_gettext("Uw reden"))], name="reden")
    note = LineField(
        lazy_gettext("Wat moet uw collega weten?"),
        [AtMost("note", lazy_gettext("Uw notitie"))],
        name="notitie",
    )

    def __init__(self, receivers: Sequence[SelectChoice], **kwargs: Any) -> None:
        super().__init__(prefix="", **kwargs)
        self.receiver.choices = list(receivers)

    def fault(self) -> str | None:
        """What is still missing for this act, in words; None when it can be done."""
        if not self.chosen.data:
            return str(lazy_gettext("Vink eerst een of meer vragen aan."))
        if self.act.data not in set(Act):
            return str(lazy_gettext("Kies wat u wilt doen."))
        if self.act.data == Act.SNOOZE and self.until.data is None:
            return str(lazy_gettext("Kies tot wanneer u de vragen uitstelt."))
        if self.act.data == Act.HAND_OVER and not self.receiver.data:
            return str(lazy_gettext("Kies een collega of een team."))
        if self.act.data == Act.HAND_OVER and not self.why.data:
            return str(lazy_gettext("Schrijf waarom u de vragen overdraagt."))
        if self.act.data == Act.HAND_OVER and not self.note.data:
            return str(lazy_gettext("Schrijf wat uw collega moet weten."))
        return None
