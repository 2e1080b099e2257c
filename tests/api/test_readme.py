"""The example in the README, run as it stands there against the running server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from consult.activity.services import SYSTEM
from consult.booking.models import Place
from consult.clock import now
from consult.database import db
from consult.people.keys.services import NewKey, Scope, make_key
from tests.house.source import ROOT
from tests.support import rows

if TYPE_CHECKING:
    from tests.support.browser import LiveServer


def test_the_example_asks_plans_and_reads(live_server: LiveServer) -> None:
    with live_server.app.app_context():
        rows.create_advisor(db.session, "Rik de Wit")
        rows.create_meeting_type(db.session, places=[Place.VIDEO])
        scopes = frozenset({Scope.READ, Scope.WRITE})
        new = NewKey(form_key="readme", name="README", scopes=scopes)
        key = make_key(db.session, new, actor=SYSTEM, now=now())[1]
        db.session.commit()
    example = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    told = subprocess.run(
        [sys.executable, "-c", example[1]],
        env=os.environ | {"API": live_server.address("/api/v1"), "API_KEY": key},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert re.fullmatch(r"C-\d{4}-0001 is answered by \S+Z", lines[0])
    assert re.fullmatch(r"A-\d{4}-0001 with Rik de Wit at \S+Z", lines[1])
    assert lines[2].endswith("0001 Hoe begin ik een wijkgesprek?")
