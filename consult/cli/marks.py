"""How a finding is marked on a terminal."""

from __future__ import annotations

MARKS = {True: "[green]ok[/green]  ", False: "[red]wrong[/red]"}
