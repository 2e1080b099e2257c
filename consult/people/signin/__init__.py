"""Signing in at the desk and the office: Flask-Security on our accounts, with our words, limits and sign-ins.

Refuses to know what a signed-in person may do; the guard of each part of the house decides that.
"""

from __future__ import annotations

from consult.people.signin.guarding import sign_in_first, signed_in
from consult.people.signin.passwords import ShortPassword, WeakPassword, create_account, set_password

__all__ = [
    "ShortPassword",
    "WeakPassword",
    "create_account",
    "set_password",
    "sign_in_first",
    "signed_in",
]
