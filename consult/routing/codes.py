"""The codes a decision is made of: steps, reasons, ways to select, alarms.

Knows words for a program; no sentences. The values are stored for years: never renamed, only added to.
"""

from __future__ import annotations

from enum import StrEnum


class StepName(StrEnum):
    """The steps, in the order in which they are taken; the first that finds somebody decides.

    TEAM stands alone: a colleague hands a question to a team, and its members are the only candidates.
    """

    CHOICE = "choice"
    CONTINUITY_CONTACT = "continuity_contact"
    CONTINUITY_ORGANISATION_TOPIC = "continuity_organisation_topic"
    CONTINUITY_ORGANISATION = "continuity_organisation"
    PAGE = "page"
    RULES = "rules"
    TOPIC = "topic"
    BALANCE = "balance"
    FALLBACK = "fallback"
    TEAM = "team"


class Reason(StrEnum):
    """Why a candidate fell out."""

    UNKNOWN = "unknown"
    INACTIVE = "inactive"
    ABSENT = "absent"
    NOT_ON_CHANNEL = "not_on_channel"
    NOT_COMPETENT = "not_competent"
    AT_CAPACITY = "at_capacity"


class Selection(StrEnum):
    """How the winner came out of the candidates of the deciding step."""

    ONLY_ONE = "only_one"
    LEAST_LOADED = "least_loaded"
    STAND_IN = "stand_in"
    FIRST_IN_LIST = "first_in_list"
    WAIVED = "waived"
    NOBODY = "nobody"


class Alarm(StrEnum):
    """What the coordinator must hear about a question that ended at the fallback."""

    NOTHING_MATCHED = "nothing_matched"
    FALLBACK_NOT_FREE = "fallback_not_free"
    FALLBACK_UNUSABLE = "fallback_unusable"
    FALLBACK_EMPTY = "fallback_empty"
