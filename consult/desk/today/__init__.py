"""Vandaag: what must be done now, in the order in which it was promised."""
