"""What a delivery notes and takes beside its conversation: at most a group is not noted, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from consult.outbox.books import TOGETHER, Books
from consult.outbox.models import MailState, OutgoingMail
from tests.outbox.test_delivery import outgoing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consult.database import DbSession
    from tests.support.apps import Transaction

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def sent(transaction: Transaction) -> int:
    """How many mails are noted as accepted."""
    with transaction() as session:
        query = select(func.count()).where(OutgoingMail.state == MailState.SENT)
        return session.scalars(query).one()


def test_what_is_not_noted_yet_is_never_more_than_one_group(transaction: Transaction) -> None:
    with transaction() as session:
        session.add_all(outgoing(number) for number in range(3 * TOGETHER + 5))
    books, accepted, most = Books(transaction, now=lambda: NOW), 0, 0
    with ThreadPoolExecutor(1) as beside:
        assert books.take()
        books.kept_by(beside)
        while books.take():
            books.accept(books.waiting.popleft())
            accepted += 1
            most = max(most, accepted - sent(transaction))
        books.settle()
    assert accepted == sent(transaction) == 3 * TOGETHER + 5
    assert most <= TOGETHER


def test_what_could_not_be_noted_is_noted_the_next_time_and_not_taken_again(transaction: Transaction) -> None:
    with transaction() as session:
        session.add_all(outgoing(number) for number in range(TOGETHER + 5))
    works = True

    @contextmanager
    def begin() -> Iterator[DbSession]:
        if not works:
            raise OSError("the disk is full")
        with transaction() as session:
            yield session

    books, seen = Books(begin, now=lambda: NOW), set[int]()

    def hand_over_all() -> None:
        while books.take():
            assert books.waiting[0].id not in seen
            seen.add(books.waiting[0].id)
            books.accept(books.waiting.popleft())

    with ThreadPoolExecutor(1) as beside:
        books.take()
        books.kept_by(beside)
        works = False
        with pytest.raises(OSError, match="disk"):
            hand_over_all()
        with pytest.raises(OSError, match="disk"):
            books.settle()
        assert sent(transaction) == 0
        works = True
        hand_over_all()
        books.settle()
    assert sent(transaction) == len(seen) == TOGETHER + 5
