"""Encryption at rest: what people wrote is sealed on its way into the database and opened on its way out.

Knows no table and no setting: models name a type of ``consult.sealing.types``, the factory hands in the keys.
"""
