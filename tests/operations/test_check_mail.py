"""What `consult check` says of the ways in and out for mail, with the mend."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from consult.operations.check import Finding, mail_doors
from consult.operations.mail_probe import probe
from consult.settings import SettingsError, load
from tests.outbox.hostile_smtp import HostileSmtp
from tests.outbox.test_connection import NOW, certified
from tests.postbox.imap_server import PASSWORD, USER, imap_server
from tests.support.servers import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.apps import MakeSettings


def only(found: list[Finding]) -> Finding:
    (one,) = found
    return one


def test_without_a_way_in_there_is_nothing_to_say(make_settings: MakeSettings) -> None:
    assert mail_doors(make_settings()) == []


@pytest.mark.parametrize(
    ("changed", "name", "cause", "mend"),
    [
        pytest.param(
            {"inbox_url": "nergens"}, "inbox", "is not an address", "set CONSULT_INBOX_URL", id="no address"
        ),
        pytest.param(
            {"inbox_url": "imap://a:b@mail.example.nl"},
            "inbox",
            "in the clear",
            "use imaps://",
            id="a password in the clear",
        ),
        pytest.param(
            {"inbox_url": "imaps://a@mail.example.nl"},
            "inbox",
            "CONSULT_INBOX_TOKEN",
            "imaps://user:password@host",
            id="half a sign-in",
        ),
        pytest.param(
            {"inbox_url": "imap://a:geheim@127.0.0.1:{free}"},
            "inbox",
            "is not reached (Connection refused)",
            "check the host and port",
            id="nobody there",
        ),
        pytest.param({"lmtp_port": "{free}"}, "lmtp", "nobody listens", "consult worker", id="no worker"),
        pytest.param(
            {"mail_username": "a", "mail_security": "tls", "mail_token_file": "/nergens/token"},
            "mail token",
            "cannot be read",
            "CONSULT_MAIL_TOKEN_FILE",
            id="no token",
        ),
    ],
)
def test_a_door_that_is_wrong_is_named_with_its_mend(
    make_settings: MakeSettings, changed: dict[str, str], name: str, cause: str, mend: str
) -> None:
    given: dict[str, Any] = {each: value.format(free=free_port()) for each, value in changed.items()}
    found = only(mail_doors(make_settings(**given)))
    assert (found.name, found.ok) == (name, False)
    assert cause in found.cause
    assert mend in found.mend
    assert "geheim" not in found.cause


@pytest.mark.dovecot
def test_an_inbox_says_how_many_wait_and_what_it_does_not_like(make_settings: MakeSettings) -> None:
    def told(user: str, password: str, folder: str) -> Finding:
        user, password = user.replace("@", "%40"), password.replace("/", "%2F").replace("@", "%40")
        return only(
            mail_doors(make_settings(inbox_url=f"imap://{user}:{password}@127.0.0.1:{port}/{folder}"))
        )

    with imap_server() as server:
        port = server.port
        assert told(USER, PASSWORD, "INBOX") == Finding(
            "inbox", ok=True, cause=f"{USER} at 127.0.0.1, 0 unseen"
        )
        assert "does not let" in told(USER, "mis", "INBOX").cause
        assert "has no folder Weg" in told(USER, PASSWORD, "Weg").cause


def test_a_worker_that_listens_is_found(make_settings: MakeSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        assert only(mail_doors(make_settings(lmtp_port=door.getsockname()[1]))).ok


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"CONSULT_MAIL_USERNAME": "a", "CONSULT_MAIL_SECURITY": "tls"}, "set the name and one of them"),
        ({"CONSULT_MAIL_TOKEN": "t", "CONSULT_MAIL_SECURITY": "tls"}, "set the name and one of them"),
        (
            {"CONSULT_MAIL_USERNAME": "a", "CONSULT_MAIL_TOKEN": "t", "CONSULT_MAIL_PASSWORD": "p"},
            "set the name and one of them",
        ),
        ({"CONSULT_INBOX_TOKEN": "t", "CONSULT_INBOX_TOKEN_FILE": "/t"}, "remove one"),
    ],
)
def test_a_sign_in_that_cannot_be_right_is_told_at_the_start(
    tmp_path: Path, given: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        load({"CONSULT_INSTANCE": str(tmp_path), **given})


@pytest.mark.parametrize(
    ("token", "fine", "told"), [("goed", True, "accepted"), (None, False, "cannot be read")]
)
def test_a_mail_is_tried_out_with_the_token_in_the_file(
    make_settings: MakeSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    token: str | None,
    told: str,
    *,
    fine: bool,
) -> None:
    authority, path = trustme.CA(), tmp_path / "token"
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    if token:
        path.write_text(token, encoding="utf-8")
    with HostileSmtp(tls=certified(authority, "127.0.0.1"), at_once=True) as there:
        there.answers["EHLO"] = "250-hostile\r\n250 AUTH XOAUTH2"
        settings = make_settings(
            mail_server="127.0.0.1",
            mail_port=there.port,
            mail_security="tls",
            mail_username="u@m.example",
            mail_token_file=path,
        )
        found = {each.step: each for each in probe(settings, "beheer@example.nl", now=NOW)}
    assert (found["sign-in"].ok, "mail" in found) == (fine, fine)
    assert told in found["sign-in"].seen
    assert fine or "CONSULT_MAIL_TOKEN_FILE" in found["sign-in"].mend
    assert there.commands[0] == "ehlo consult.example.nl", "the machine's own name is never told"
