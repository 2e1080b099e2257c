"""Forms that change what is stored, for two people at once: who saves second sees what changed and loses nothing.

The form carries a digest of what stood there when it was opened. When something else stands there by the time it
comes back, nothing is saved: what was typed stays, and beside it stands what somebody else made of it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from wtforms import HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from consult.web.forms import DeskForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wtforms import Field


class Ticks(SelectMultipleField):
    """Several of a list, as boxes to tick; ``coerce=int`` for ids."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EditForm(DeskForm):
    """Changes one thing; ``stored`` are the values of its fields by name, None for something new."""

    seen = HiddenField()

    def __init__(self, stored: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        kept = dict(stored) if stored is not None else None
        super().__init__(data=kept, **kwargs)
        self.stored = kept
        self.overtaken: list[tuple[str, str]] = []
        if not self.is_submitted() and kept is not None:
            self.seen.data = digest(kept)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits, and nobody else saved in between."""
        fits = super().validate(extra_validators)
        return self._is_first() and fits

    def values(self) -> dict[str, Any]:
        """What was typed, by the names of ``stored`` or, of something new, of all fields."""
        own = {"csrf_token", "key", "seen"}
        return {name: field.data for name, field in self._fields.items() if name not in own}

    def _is_first(self) -> bool:
        if self.stored is None or self.seen.data == digest(self.stored):
            return True
        self.overtaken = [
            (str(self[name].label.text), shown(self[name], value))
            for name, value in self.stored.items()
            if name in self and _plain(self[name].data) != _plain(value)
        ]
        self.seen.data = digest(self.stored)
        self.form_errors.append(
            gettext("Iemand anders heeft dit intussen bewaard. Kijk wat er staat, en bewaar opnieuw.")
        )
        return False


def digest(values: Mapping[str, Any]) -> str:
    """The same for the same values, and for no others."""
    plain = {name: _plain(value) for name, value in values.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()[:32]


def shown(field: Field, value: Any) -> str:
    """A stored value as the field would show it: the words of a choice, yes or no, or the text itself."""
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nee")
    choices = getattr(field, "choices", None)
    if choices:
        words = {str(each.value): str(each.label) for each in choices}
        values = value if isinstance(value, list | tuple | set) else [value]
        return ", ".join(words.get(str(each), str(each)) for each in values) or "–"
    return str(value) if value not in {None, ""} else "–"


def _plain(value: Any) -> Any:
    """Lists in order of their words and nothing as an empty text, so that only what is different differs."""
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(str(each) for each in value)
    return "" if value is None else str(value)
