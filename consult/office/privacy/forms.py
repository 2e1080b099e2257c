"""What is filled in at the desk for personal data: whose, and the words that confirm what cannot be undone."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from consult.web.addresses import check_email, check_phone, normal_email, normal_phone
from consult.web.forms import AtMost, ChoiceField, DeskForm, LineField, Wanted

# Code in the trail → why somebody is erased.
REASONS = {
    "asked": lazy_gettext("De persoon vroeg erom"),
    "objected": lazy_gettext("De persoon maakte bezwaar"),
    "mistake": lazy_gettext("De gegevens hadden hier niet mogen staan"),
    "supervisor": lazy_gettext("Een toezichthouder of rechter vroeg erom"),
}


class SearchForm(DeskForm):
    """Whose data; ``key`` is the address in lower case, or the number in E.164."""

    whose = LineField(
        lazy_gettext("E-mailadres of telefoonnummer"),
        [
            Wanted(lazy_gettext("Vul een e-mailadres of een telefoonnummer in.")),
            AtMost("email", lazy_gettext("Het adres")),
        ],
        render_kw={"autocomplete": "off"},
    )

    def __init__(self) -> None:
        super().__init__(prefix="zoek")

    def validate_whose(self, field: LineField) -> None:
        """Take an address or a number, and keep it as it is stored.

        Raises:
            StopValidation: it is neither.
        """
        (check_email if "@" in field.data else check_phone)(self, field)
        field.data = field.data.lower()


class WhoseForm(DeskForm):
    """The same person once more, on the way to what can be done."""

    whose = HiddenField()

    def normal(self) -> str | None:
        """The address or number as it is stored; None for what is neither."""
        typed = str(self.whose.data or "")[:254]
        normal = normal_email(typed) if "@" in typed else normal_phone(typed)
        return normal.lower() if normal else None


class EraseForm(WhoseForm):
    """Erase, with the address typed once more and why."""

    again = LineField(
        lazy_gettext("Typ het adres of nummer over"),
        [Wanted(lazy_gettext("Typ over wat u wilt wissen."))],
        render_kw={"autocomplete": "off"},
    )
    reason = ChoiceField(
        lazy_gettext("Waarom wist u dit?"),
        [Wanted(lazy_gettext("Kies een reden."))],
        choices=[SelectChoice(code, words) for code, words in REASONS.items()],
    )

    def validate_again(self, field: LineField) -> None:
        """Refuse another address or number than the one that is shown.

        Raises:
            StopValidation: it differs.
        """
        typed = field.data or ""
        normal = normal_email(typed) if "@" in typed else normal_phone(typed)
        if normal is None or normal.lower() != self.normal():
            raise StopValidation(gettext("Dit is niet wat erboven staat. Typ het precies over."))
