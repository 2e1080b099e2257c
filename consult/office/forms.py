"""Forms that change what is stored, for two people at once: who saves second sees what changed and loses nothing.

The form carries a mark of each value that stood there when it was opened. When something else stands there by the
time it comes back, nothing is saved: what was typed stays, and beside it stands what somebody else made of it. A field
that was left alone takes over what the other one saved, so that saving again undoes nothing.
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
        # None: the form was not sent, or another form of the same page was.
        if self.seen.raw_data is None and kept is not None:
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
        before = _marks_in(self.seen.data)
        for name, value in self.stored.items():
            if name in self and before.get(name) != _mark(value):
                self._face(name, value, untouched=_mark(self[name].data) == before.get(name))
        self.seen.data = digest(self.stored)
        self.form_errors.append(
            gettext("Iemand anders heeft dit intussen bewaard. Kijk wat er staat, en bewaar opnieuw.")
        )
        return False

    def _face(self, name: str, value: Any, *, untouched: bool) -> None:
        """Take over what somebody else made of a field that was left as it was; show it beside one that was not."""
        field = self[name]
        label = str(field.label.text)
        if untouched:
            field.data, field.raw_data = value, None
        elif _mark(field.data) != _mark(value):
            label = gettext("%(field)s (bij u staat iets anders)", field=label)
        self.overtaken.append((label, shown(field, value)))


def digest(values: Mapping[str, Any]) -> str:
    """A mark for each value, as text for a hidden field; the same for the same values, and for no others."""
    return json.dumps({name: _mark(value) for name, value in values.items()}, sort_keys=True)


def _mark(value: Any) -> str:
    plain = json.dumps(_plain(value), default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def _marks_in(text: str | None) -> dict[str, str]:
    """The marks that a form was opened with; none when it came with something else."""
    try:
        found = json.loads(text or "")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


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
