"""A series in words: its rhythm, and why a date is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date

from consult.booking.series.dates import Reason
from consult.scheduling.recurrence import Frequency
from consult.web import dates
from consult.web.translating import translator

if TYPE_CHECKING:
    from datetime import datetime

    from consult.booking.series.dates import Skipped


def rhythm_words(frequency: str, first: datetime, zone: str, language: str) -> str:
    """``elke eerste dinsdag van de maand om 10.00 uur``: how often a series returns that begins at ``first``."""
    _ = translator(language)
    local = first.astimezone(ZoneInfo(zone))
    weekly = {
        Frequency.WEEKLY: _("elke week op %(day)s om %(time)s uur"),
        Frequency.FORTNIGHTLY: _("om de week op %(day)s om %(time)s uur"),
    }
    monthly = (
        _("elke eerste %(day)s van de maand om %(time)s uur"),
        _("elke tweede %(day)s van de maand om %(time)s uur"),
        _("elke derde %(day)s van de maand om %(time)s uur"),
        _("elke vierde %(day)s van de maand om %(time)s uur"),
        _("elke laatste %(day)s van de maand om %(time)s uur"),
    )
    text = weekly.get(Frequency(frequency)) or monthly[(local.day - 1) // 7]
    return text % {
        "day": format_date(local.date(), "EEEE", locale=language),
        "time": dates.clock_time(local, language),
    }


def skipped_words(skipped: Skipped, zone: str, first_name: str, language: str) -> str:
    """``vrijdag 25 december 2026: dat is een feestdag``; ``first_name`` is the advisor's."""
    _ = translator(language)
    why = {
        Reason.HOLIDAY: _("dat is een feestdag"),
        Reason.AWAY: _("%(name)s is er dan niet") % {"name": first_name},
        Reason.BUSY: _("%(name)s heeft dan al een afspraak") % {"name": first_name},
        Reason.SOON: _("dat is te kort dag"),
    }[skipped.why]
    return f"{dates.day(dates.local_date(skipped.start, zone), language, year=True)}: {why}"
