"""consult: contact and booking for organisations that advise municipalities."""

from consult.app import create_app

__all__ = ["create_app"]
