"""The files in deploy/ are read by the programs they are for, where this machine has them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

from consult.operations.web_server import IDLE_SECONDS
from tests.support.machine import find
from tests.support.servers import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAM = "/opt" + "/consult/.venv/bin/consult"
UNITS = ("consult-web.service", "consult-worker.service")


def _program(name: str) -> Path:
    program = find(name)
    if program is None:
        pytest.skip(f"{name} is not on this machine")
    return program


def test_nginx_reads_the_site(tmp_path: Path) -> None:
    nginx = _program("nginx")
    certificate = trustme.CA().issue_cert("contact.example.nl")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"/etc/ssl/consult/\w+\.pem", str(tmp_path / "both.pem"), site)
    site = re.sub(r"/var/log/nginx/[\w-]+\.log", str(tmp_path / "log"), site)
    site = re.sub(r"listen ((?:\[::\]:)?)\d+", lambda found: f"listen {found[1]}{free_port()}", site)
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    whole = (
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ include {tmp_path}/site.conf; }}"
    )
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [nginx, "-t", "-q", "-e", tmp_path / "log", "-c", tmp_path / "nginx.conf", "-p", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    complaints = [
        line for line in done.stderr.splitlines() if '"listen ... http2" directive is deprecated' not in line
    ]
    assert (done.returncode, complaints) == (0, [])


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_reads_the_unit_and_finds_it_closed_enough(unit: str, tmp_path: Path) -> None:
    systemd_analyze = _program("systemd-analyze")
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    # The program is not installed here, and verify looks whether it can be started.
    (tmp_path / unit).write_text(text.replace(PROGRAM, sys.executable), encoding="utf-8")
    checks: tuple[list[str], ...] = (
        ["verify", "--man=no"],
        ["security", "--offline=true", "--threshold=20", "--no-pager"],
    )
    for options in checks:
        command = [systemd_analyze, *options, tmp_path / unit]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert unit not in done.stderr, done.stderr


def test_systemd_holds_the_socket_at_which_nginx_asks(tmp_path: Path) -> None:
    socket = (DEPLOY / "consult-web.socket").read_text(encoding="utf-8")
    (address,) = re.findall(r"^ListenStream=(.+)$", socket, re.MULTILINE)
    assert f"server {address} " in (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    systemd_analyze = _program("systemd-analyze")
    (tmp_path / "consult-web.socket").write_text(socket, encoding="utf-8")
    service = (DEPLOY / "consult-web.service").read_text(encoding="utf-8").replace(PROGRAM, sys.executable)
    (tmp_path / "consult-web.service").write_text(service, encoding="utf-8")
    command = [systemd_analyze, "verify", "--man=no", tmp_path / "consult-web.socket"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "consult-web" in done.stderr) == (0, False), done.stderr


def test_a_proxy_closes_an_unused_connection_before_the_program_does() -> None:
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    (seconds,) = re.findall(r"keepalive_timeout (\d+)s;", site)
    assert int(seconds) < IDLE_SECONDS, "else a form is sent into a connection that is being closed"
    assert "non_idempotent;" not in site


def test_web_and_worker_are_closed_the_same_way() -> None:
    web, worker = (
        (DEPLOY / unit).read_text(encoding="utf-8").partition("# What the process")[2] for unit in UNITS
    )
    assert web == worker != ""


def test_the_image_is_built_from_files_that_exist_and_runs_as_nobody_special() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    sources = [
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in line.split()
    ]
    assert sources
    assert not [name for name in sources if not (DEPLOY.parent / name).exists()]
    assert re.search(r"^USER \d{4,}$", text, re.MULTILINE)
