"""The plug-in for WordPress is PHP that PHP accepts; its block names the attributes that the PHP reads."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.support.machine import find

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "deploy" / "wordpress" / "consult-contact"
SOURCE = (PLUGIN / "consult-contact.php").read_text(encoding="utf-8")


@pytest.fixture
def php() -> Path:
    """PHP on the command line."""
    program = find("php")
    if program is None:
        pytest.skip("PHP is not on this machine")
    return program


def test_php_accepts_the_plugin(php: Path) -> None:
    done = subprocess.run(
        [php, "-l", PLUGIN / "consult-contact.php"], capture_output=True, text=True, check=False, timeout=20
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_block_has_the_attributes_of_the_short_code() -> None:
    block = json.loads((PLUGIN / "block.json").read_text(encoding="utf-8"))
    read = SOURCE.partition("shortcode_atts(")[2].partition("is_array(")[0]
    assert set(block["attributes"]) == set(re.findall(r"'(\w+)'\s*=>", read))


def test_the_plugin_has_the_license_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.findall(r"^ \* License: (\S+)$", SOURCE, re.MULTILINE) == [project["license"]]
