"""What booking asks of the contact side, as small functions that the application passes in.

A talk is often planned from a contact page or from a question, and booking may not import either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Flask

    from consult.database import DbSession
    from consult.routing.question import Question
    from consult.routing.rules import RuleSet


@dataclass(frozen=True, slots=True)
class FromPage:
    """The contact page that a talk is planned from."""

    id: int
    slug: str
    topic_id: int | None
    advisor_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FromEnquiry:
    """The question that a talk is planned from: what the visitor need not type again."""

    id: int
    name: str
    email: str | None
    phone: str | None
    topic_id: int | None
    page_id: int | None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The functions; ``rules_that_hold`` gives the coordinators' routing rules for a talk, in order.

    ``topic_owner_id`` gives the advisor who knows an organisation (by id) in a topic.
    """

    find_page: Callable[[DbSession, str], FromPage | None]
    find_enquiry: Callable[[DbSession, str, datetime], FromEnquiry | None]
    rules_that_hold: Callable[[DbSession, Question], RuleSet]
    topic_owner_id: Callable[[DbSession, int, int | None], int | None]


def init_app(app: Flask, neighbours: Neighbours) -> None:
    """Make the functions known to the views."""
    app.extensions["consult.neighbours"] = neighbours


def neighbours() -> Neighbours:
    """The functions that the running app was given."""
    return cast("Neighbours", current_app.extensions["consult.neighbours"])
