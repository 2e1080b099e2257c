"""What is wrong with one value of a call, in the language of the call. The check itself is the schema's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def fault_words(fault: ErrorDetails) -> str:
    """One fault as a sentence; a rule of our own has said it already."""
    ctx, kind = fault.get("ctx", {}), fault["type"]
    if kind == "value_error":
        return str(ctx["error"])
    if kind.startswith("date_"):
        return gettext("Schrijf een datum als 2026-11-19.")
    if kind.startswith("datetime_"):
        return gettext("Schrijf een moment als 2026-11-19T09:00:00Z.")
    words = {
        "missing": gettext("Dit ontbreekt."),
        "extra_forbidden": gettext("Deze naam kennen wij niet."),
        "string_too_short": gettext("Vul dit in."),
        "too_short": gettext("Vul dit in."),
        "string_too_long": gettext("Gebruik ten hoogste %(most)s tekens.", most=ctx.get("max_length")),
        "too_long": gettext("Gebruik er ten hoogste %(most)s.", most=ctx.get("max_length")),
        "timezone_aware": gettext("Zet de tijdzone erbij, zoals in 2026-11-19T09:00:00Z."),
        "less_than_equal": gettext("Gebruik ten hoogste %(most)s.", most=ctx.get("le")),
        "enum": gettext("Kies een van deze: %(choices)s.", choices=ctx.get("expected")),
    }
    return str(words.get(kind) or gettext("Dit klopt niet."))
