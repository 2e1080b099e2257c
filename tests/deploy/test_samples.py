"""The samples for monitoring and containers name only what exists: metrics, settings, commands, files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from consult.cli import COMMANDS
from consult.contact.alarms import Alarms
from consult.operations.waiting import Counts, Gauges, timedelta
from consult.settings import Settings
from tests.support.machine import find

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAM = "/opt" + "/consult/.venv/bin/consult"
METRIC = re.compile(r"\bconsult_\w+")


def told() -> set[str]:
    second = timedelta(seconds=1)
    counts = Counts(1, 1, second, second, second, 1)
    return {metric.name for metric in Gauges(counts, Alarms(1, 1, 1)).collect()}


def rules() -> list[dict[str, Any]]:
    read = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def test_every_alert_and_panel_asks_for_metrics_that_are_told() -> None:
    panels = json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))["panels"]
    asked = [rule["expr"] for rule in rules()]
    asked += [target["expr"] for panel in panels for target in panel["targets"]]
    named = {name for expression in asked for name in METRIC.findall(expression)}
    assert named == told(), "each metric is watched, and each watch has its metric"


def test_every_alert_says_what_it_is_and_what_mends_it() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names)) == 8
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "mend"}
        for command in re.findall(r"consult (\w+)", rule["annotations"]["mend"]):
            assert command in COMMANDS


def services() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    read = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    for name, service in read["services"].items():
        yield name, service, read


def test_the_containers_are_closed_and_named_things_exist() -> None:
    for name, service, whole in services():
        assert set(service.get("depends_on", {})) <= whole["services"].keys()
        assert set(service.get("secrets", ())) <= whole["secrets"].keys()
        assert (
            {each.partition(":")[0] for each in service["volumes"]} <= whole["volumes"].keys()
            if ("volumes" in service)
            else name == "redis"
        )
        if service["image"] == "consult":
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
            assert service["command"][0] in COMMANDS
            for setting in service["environment"]:
                field = setting.removeprefix("CONSULT_").removesuffix("_FILE").lower()
                assert field in Settings.model_fields
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_nightly_backup_is_proven_closed_like_the_others_and_not_kept_for_ever(tmp_path: Path) -> None:
    unit, web = (
        (DEPLOY / name).read_text(encoding="utf-8")
        for name in ("consult-backup.service", "consult-web.service")
    )
    closed = web.partition("# What the process")[2].partition("\n[Install]")[0].strip()
    assert closed in unit
    ran = re.findall(rf"^ExecStart={re.escape(PROGRAM)} (\w+)", unit, re.MULTILINE)
    assert ran == ["backup", "verify"]
    assert "-mtime +14 -delete" in unit
    systemd_analyze = find("systemd-analyze")
    if systemd_analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    (tmp_path / "consult-backup.service").write_text(unit.replace(PROGRAM, sys.executable), encoding="utf-8")
    timer = (DEPLOY / "consult-backup.timer").read_text(encoding="utf-8")
    (tmp_path / "consult-backup.timer").write_text(timer, encoding="utf-8")
    for name in ("consult-backup.service", "consult-backup.timer"):
        command = [systemd_analyze, "verify", "--man=no", tmp_path / name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, name in done.stderr) == (0, False), done.stderr
