from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import trustme
from imap_tools import MailboxFolderSelectError, MailboxLoginError
from pydantic import SecretStr

from consult.postbox.doors import inbox_of
from consult.postbox.imap import Inbox, collect, try_out
from consult.postbox.intake import Postbox
from consult.postbox.mime import MOST_BYTES
from consult.postbox.models import ArrivalState
from consult.postbox.outcome import Judged
from tests.postbox.imap_server import PASSWORD, USER, imap_server
from tests.postbox.letters import address, calendar, google, letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from consult.database import DbSession
    from tests.postbox.conftest import Firm
    from tests.postbox.imap_server import ImapServer

CERTIFICATES = trustme.CA()


@pytest.fixture(scope="module")
def _server() -> Iterator[ImapServer]:
    issued = CERTIFICATES.issue_cert("127.0.0.1")
    pem = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
    with imap_server((pem, issued.private_key_pem.bytes())) as server:
        yield server


@pytest.fixture
def server(_server: ImapServer) -> ImapServer:
    """The server, with an empty inbox."""
    _server.empty()
    return _server


def _url(port: int, *, scheme: str = "imap", password: str = PASSWORD, folder: str = "INBOX") -> str:
    return f"{scheme}://{quote(USER, safe='')}:{quote(password, safe='')}@127.0.0.1:{port}/{folder}"


@contextmanager
def _no_database() -> Iterator[DbSession]:
    raise ConnectionError("the database is away")
    yield


@pytest.mark.dovecot
def test_what_is_unseen_is_taken_in_once_and_marked_as_seen(firm: Firm, server: ImapServer) -> None:
    server.put(google(calendar(firm.uid, "ACCEPTED"), address(firm.tokens["visitor"])))
    server.put(letter("Graag dinsdag.", to=address(firm.enquiry_token)))
    inbox = Inbox.at(_url(server.port))
    assert [collect(inbox, firm.postbox, Event()) for _ in range(2)] == [2, 0]
    assert server.unseen() == 0
    assert firm.postbox.open_waiting(Event()) == 2
    assert [mail.judged for mail in firm.stored()] == [Judged.ACCEPTED, Judged.VISITOR_TEXT]


@pytest.mark.dovecot
def test_a_mail_that_could_not_be_stored_stays_unseen(firm: Firm, server: ImapServer) -> None:
    server.put(letter("Dag", to=address(firm.enquiry_token)))

    # The slot in the door as it is when the database is away.
    away = Postbox(_no_database, (), firm.settings, now=lambda: firm.now)
    with pytest.raises(ConnectionError):
        collect(Inbox.at(_url(server.port)), away, Event())
    assert server.unseen() == 1
    assert firm.stored() == []


@pytest.mark.dovecot
def test_a_mail_that_is_too_large_is_kept_in_part_and_shown_to_a_person(
    firm: Firm, server: ImapServer
) -> None:
    server.put(letter("Dag\n" * (MOST_BYTES // 4), to=address(firm.enquiry_token)))
    collect(Inbox.at(_url(server.port)), firm.postbox, Event())
    (mail,) = firm.stored()
    assert (mail.state, mail.error) == (ArrivalState.UNREADABLE, "too-large")


@pytest.mark.dovecot
def test_with_tls_only_a_server_that_proves_its_name_is_believed(firm: Firm, server: ImapServer) -> None:
    server.put(letter("Dag", to=address(firm.enquiry_token)))
    inbox = Inbox.at(_url(server.tls_port, scheme="imaps"))
    with pytest.raises(ssl.SSLCertVerificationError):
        collect(inbox, firm.postbox, Event())
    trust = ssl.create_default_context()
    CERTIFICATES.configure_trust(trust)
    known = Inbox(inbox.host, inbox.port, inbox.user, inbox.password, inbox.folder, tls=True, trust=trust)
    assert collect(known, firm.postbox, Event()) == 1


@pytest.mark.dovecot
def test_a_wrong_password_and_an_unknown_folder_are_said(firm: Firm, server: ImapServer) -> None:
    with pytest.raises(MailboxLoginError):
        collect(Inbox.at(_url(server.port, password="mis")), firm.postbox, Event())
    with pytest.raises(MailboxFolderSelectError):
        collect(Inbox.at(_url(server.port, folder="Weg")), firm.postbox, Event())


@pytest.mark.dovecot
def test_a_token_opens_the_inbox_and_a_renewed_file_is_read_at_the_next_sign_in(
    firm: Firm, server: ImapServer, tmp_path: Path
) -> None:
    server.put(letter("Dag", to=address(firm.enquiry_token)))
    token = tmp_path / "token"
    token.write_text("verlopen\n", encoding="utf-8")
    url = f"imap://{quote(USER, safe='')}@127.0.0.1:{server.port}/INBOX"
    inbox = inbox_of(
        firm.settings.model_copy(update={"inbox_url": SecretStr(url), "inbox_token_file": token})
    )
    assert inbox
    with pytest.raises(MailboxLoginError):
        collect(inbox, firm.postbox, Event())
    # This server takes its user's password as the token.
    token.write_text(f"{PASSWORD}\n", encoding="utf-8")
    assert collect(inbox, firm.postbox, Event()) == 1
    token.unlink()
    with pytest.raises(ValueError, match="cannot be read"):
        collect(inbox, firm.postbox, Event())


@pytest.mark.dovecot
def test_looking_whether_an_inbox_works_leaves_everything_unseen(firm: Firm, server: ImapServer) -> None:
    server.put(letter("Dag", to=address(firm.enquiry_token)))
    assert try_out(Inbox.at(_url(server.port))) == 1
    assert (server.unseen(), firm.stored()) == (1, [])


def test_a_server_that_says_nothing_keeps_nobody_waiting(firm: Firm) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError):
        collect(Inbox.at(_url(silent.getsockname()[1])), firm.postbox, Event(), seconds=0.2)


def test_an_inbox_address_is_read_with_its_escapes() -> None:
    inbox = Inbox.at("imaps://jan%40x.nl:a%2Fb@mail.example.nl/INBOX%2FAntwoorden")
    assert (inbox.host, inbox.port, inbox.tls) == ("mail.example.nl", 993, True)
    assert (inbox.user, inbox.password, inbox.folder) == ("jan@x.nl", "a/b", "INBOX/Antwoorden")
    assert "a/b" not in repr(inbox)


@pytest.mark.parametrize(
    "url",
    [
        "https://a:b@mail.example.nl",
        "imaps://mail.example.nl/INBOX",
        "imaps://a@mail.example.nl/INBOX",
        "imap://a:b@mail.example.nl/INBOX",
        "imaps:///INBOX",
        "imaps://a:b@mail.example.nl:poort/INBOX",
        "imaps://[a:b@mail.example.nl/INBOX",
        "",
    ],
)
def test_an_inbox_address_that_is_none_or_unsafe_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="CONSULT_INBOX_URL"):
        Inbox.at(url)


def test_with_a_token_a_password_is_one_too_many() -> None:
    assert Inbox.at("imaps://jan%40x.nl@mail.example.nl", lambda: "t").user == "jan@x.nl"
    with pytest.raises(ValueError, match="unless CONSULT_INBOX_TOKEN"):
        Inbox.at("imaps://a:b@mail.example.nl", lambda: "t")
