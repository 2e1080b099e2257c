"""Every benchmark runs: the large ones with tiny numbers, all of them as far as their imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCHES = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if "__main__" in path.read_text("utf-8"))
TINY = {
    "load": "load.main(0.5, pace=10, rounds=1, tries=2)",
    "scale": "scale.main(0.3, processes=(1,), mails=20)",
}

pytestmark = [pytest.mark.proof, pytest.mark.timeout(300)]


@pytest.mark.parametrize("name", BENCHES)
def test_a_benchmark_runs(name: str) -> None:
    quiet = "import logging; logging.disable(logging.CRITICAL)"
    code = f"{quiet}; from bench import {name}; {TINY.get(name, f'assert callable({name}.main)')}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if name in TINY:
        assert "measured" in done.stdout
        assert "NOT MET" not in [line for line in done.stdout.splitlines() if "errors" in line]
