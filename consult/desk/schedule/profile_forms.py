"""What an advisor says about oneself: how to be reached, about what, and how a mail ends; and the portrait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from consult.web.addresses import check_phone
from consult.web.forms import AtMost, DeskForm, LineField, ParagraphsField, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field


class ProfileForm(DeskForm):
    """The own profile; name and mail address are the coordinator's to change."""

    role = LineField(
        _l("Uw rol"), [Wanted(_l("Vul uw rol in, bijvoorbeeld Adviseur.")), AtMost("name", _l("Uw rol"))]
    )
    role_en = LineField(_l("Uw rol in het Engels"), [AtMost("name", _l("Uw rol"))])
    phone = LineField(
        _l("Telefoonnummer"),
        [AtMost("phone", _l("Het nummer")), check_phone],
        render_kw={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    )
    whatsapp = LineField(
        _l("Nummer voor WhatsApp"),
        [AtMost("phone", _l("Het nummer")), check_phone],
        render_kw={"type": "tel", "autocomplete": "off", "inputmode": "tel"},
    )
    topics = SelectMultipleField(
        _l("Thema’s"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    signature = ParagraphsField(
        _l("Afsluiting van uw mail"), [AtMost("reason", _l("De afsluiting"))], render_kw={"rows": 4}
    )

    def __init__(self, topics: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(prefix="profiel", **kwargs)
        self.topics.choices = [SelectChoice(str(number), name) for number, name in topics]

    def validate_topics(self, field: Field) -> None:
        """Only topics that there are.

        Raises:
            StopValidation: another one.
        """
        if not set(field.data or []) <= {str(choice.value) for choice in self.topics.choices}:
            raise StopValidation(str(_l("Kies een van de mogelijkheden.")))

    @property
    def topic_ids(self) -> frozenset[int]:
        """The topics that were ticked."""
        return frozenset(int(each) for each in self.topics.data or [])


class PortraitForm(DeskForm):
    """A picture to upload; whether it is one is for ``consult.people.pictures`` to say."""

    picture = FileField(_l("Uw foto"), render_kw={"accept": "image/png,image/jpeg,image/webp"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix="portret", **kwargs)

    def validate_picture(self, field: Field) -> None:
        """A file is chosen.

        Raises:
            StopValidation: there is none.
        """
        if not field.data:
            raise StopValidation(str(_l("Kies een foto.")))
