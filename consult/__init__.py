"""consult: contact and booking for organisations that advise municipalities."""

from __future__ import annotations

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    """Give ``create_app`` when it is asked for, so that ``consult --help`` need not load the application."""
    if name == "create_app":
        return importlib.import_module("consult.app").create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
