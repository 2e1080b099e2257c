"""The list of what an installation runs: made by the project's own command, from the locks, always the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DONE = ("-o", ".venv/.dev-ready", "-o", ".venv/.runtime-ready")


def made(where: Path) -> bytes:
    """What ``make sbom`` does in this checkout, with the programs of the Python that runs the tests."""
    told = subprocess.run(
        ["make", "--no-print-directory", "-n", *DONE, "VENV=.venv", f"SBOM={where}", "sbom"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    recipe = told.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    subprocess.run(["sh", "-e", "-c", recipe], cwd=ROOT, capture_output=True, check=True, timeout=60)
    return where.read_bytes()


@pytest.mark.proof
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")
def test_the_list_names_every_locked_version_and_is_the_same_each_time(tmp_path: Path) -> None:
    first = made(tmp_path / "first" / "consult.cdx.json")
    assert first == made(tmp_path / "second.json")
    told = json.loads(first)
    assert (told["bomFormat"], told["metadata"]["component"]["name"]) == ("CycloneDX", "consult")
    listed = {(each["name"], each["version"]) for each in told["components"]}
    locked = re.findall(
        r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    assert listed == set(locked)
    assert len(listed) > 50
    for each in told["components"]:
        assert each["purl"].startswith("pkg:pypi/")
        assert each["externalReferences"][0]["hashes"], each["name"]
