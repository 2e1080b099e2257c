"""One application whose clock stands before every scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.outgoing.scenes import AUTUMN, played

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.database import DbSession
    from tests.outgoing.scenes import Scene
    from tests.support.apps import MakeSettings


@pytest.fixture
def play(session: DbSession, make_settings: MakeSettings) -> Callable[[str, str], Scene]:
    """Act a scene out in a language, which is the firm's as well."""

    def act(name: str, language: str) -> Scene:
        return played(session, make_settings(clock=AUTUMN, locale=language), name, language)

    return act
