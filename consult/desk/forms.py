"""What every form of the desk shares."""

from __future__ import annotations

from typing import Any

from consult.web.forms import DeskForm, stale_form_text


class TokenTold(DeskForm):
    """A desk form that says in our words that it stood open too long."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits, the token included."""
        if super().validate(extra_validators):
            return True
        if self.csrf_token.errors:
            self.csrf_token.errors = [str(stale_form_text())]
        return False
