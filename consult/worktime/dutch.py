"""The Dutch holidays, each with a key by which an office switches it off.

Makes no text: a holiday is a key such as "goede-vrijdag".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

HOLIDAY_KEYS = (
    "nieuwjaarsdag",
    "goede-vrijdag",
    "eerste-paasdag",
    "tweede-paasdag",
    "koningsdag",
    "bevrijdingsdag",
    "hemelvaartsdag",
    "eerste-pinksterdag",
    "tweede-pinksterdag",
    "eerste-kerstdag",
    "tweede-kerstdag",
)
"""The days of `dutch_holidays`, each of which an office can switch off."""


def _key(name: str) -> str:
    # Until 2013 the day was the Queen's; it is the same switch.
    return name.lower().replace(" ", "-").replace("koninginnedag", "koningsdag")


def dutch_holidays(
    years: Collection[int],
    switched_off: frozenset[str] = frozenset(),
    *,
    liberation_day_every_year: bool = False,
) -> dict[date, str]:
    """The Dutch holidays of ``years`` by date, each as one of `HOLIDAY_KEYS`, without those switched off.

    Bevrijdingsdag (5 May) counts in lustrum years (2025, 2030 …), as in most collective agreements, or every
    year on request. Two holidays on one date: the date stays closed until both are switched off.

    Raises:
        ValueError: ``switched_off`` names a day that is no Dutch holiday.
    """
    if unknown := switched_off - set(HOLIDAY_KEYS):
        raise ValueError(f"not a Dutch holiday: {', '.join(sorted(unknown))}")
    # Slow to import (0.15 s), and no page needs it: whoever keeps the calendar of the office does.
    from holidays import country_holidays

    categories = ("public", "optional") if liberation_day_every_year else ("public",)
    calendar = country_holidays("NL", years=years, language="nl", categories=categories)
    found: dict[date, str] = {}
    for day in sorted(calendar):
        keys = (_key(name) for name in calendar.get_list(day))
        key = next((key for key in keys if key not in switched_off), None)
        if key is not None:
            found[day] = key
    return found
