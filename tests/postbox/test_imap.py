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

from consult.postbox.imap import Inbox, collect
from consult.postbox.intake import Postbox
from consult.postbox.mime import MOST_BYTES
from consult.postbox.models import ArrivalState
from consult.postbox.outcome import Judged
from tests.postbox.imap_server import PASSWORD, USER, imap_server
from tests.postbox.letters import address, calendar, google, letter

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        "",
    ],
)
def test_an_inbox_address_that_is_none_or_unsafe_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="CONSULT_INBOX_URL"):
        Inbox.at(url)
