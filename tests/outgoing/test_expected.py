"""Every message about a talk, a series and a group session, compared with what was read and found right before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.outgoing.messages import shown
from tests.outgoing.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.outgoing.scenes import Scene

EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", SCENES)
def test_every_message_is_the_expected_one(
    play: Callable[[str, str], Scene], tmp_path: Path, name: str, language: str
) -> None:
    told = shown(play(name, language))
    actual = tmp_path / f"{name}.{language}.txt"
    actual.write_text(told, encoding="utf-8")
    expected = (EXPECTED / actual.name).read_text(encoding="utf-8")
    assert told.splitlines() == expected.splitlines(), f"read {actual}, and take it over when it is right"
