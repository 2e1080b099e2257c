"""The way to the mail server: a Flask-Mail connection that verifies, does not wait for ever, and tells what became
of each mail.

Every failure is Temporary (try the same bytes again) or Permanent (a person has to look). A failure to connect or
sign in is always Temporary: it is not the mail's fault, and no mail may be lost to a wrong setting. Knows no
table, no retry plan and no clock.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

import flask_mail
from flask import current_app, has_app_context

from consult.outbox.message import ascii_address
from consult.outbox.replies import PatientSmtp, PatientSmtpTls

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from flask_mail import Message

TIMEOUT_SECONDS = 15.0
LONGEST_LINE = 998


class DeliveryFailed(Exception):
    """A mail was not accepted. ``reason`` is plain and short, and holds the server's code where it gave one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Temporary(DeliveryFailed):
    """Not now: the network, the server (4xx) or the sign-in. The same bytes may be sent again later."""


class Permanent(DeliveryFailed):
    """Not ever: the server refuses the mail or its receiver (5xx), or the mail cannot be sent as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail goes, in plain values.

    ``ehlo_name`` is how we call ourselves; the machine's own name is never told. With ``access_token`` the
    sign-in is XOAUTH2 (Microsoft 365, Gmail); the callable gives a token that is valid now and raises ValueError
    when it cannot. ``ca_file`` adds a certificate authority to those the machine trusts.

    Raises:
        ValueError: a sign-in over a connection that anybody can read, or half of a sign-in.
    """

    host: str
    port: int
    ehlo_name: str
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password: str | None = None
    access_token: Callable[[], str] | None = None
    ca_file: str | None = None
    timeout: float = TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        secret = self.password is not None or self.access_token is not None
        if secret != (self.username is not None):
            raise ValueError("a sign-in needs a name and a secret")
        if secret and self.security == "none":
            raise ValueError("a sign-in needs starttls or tls")


class SmtpConnection(flask_mail.Connection):
    """Mails to one server over one connection, opened again when it broke between two mails.

    ``with SmtpConnection(server) as connection: connection.send(stored_message)``. With ``suppress`` nothing is
    sent, but ``mail.record_messages()`` still records. Needs no app.

    Raises:
        Temporary: on entering, when there is no way to the server or it does not let us in.
    """

    host: smtplib.SMTP | None

    def __init__(self, server: SmtpServer, *, suppress: bool = False) -> None:
        self.server = server
        self.suppress = suppress
        self.host = None
        self.num_emails = 0

    def __enter__(self) -> Self:
        if not self.suppress:
            self.host = self.configure_host()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._leave()

    def configure_host(self) -> smtplib.SMTP:
        """A greeted, encrypted and signed-in connection.

        Raises:
            Temporary: it cannot be had; the reason says which step failed.
        """
        try:
            host = self._reached()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Temporary(f"no connection to {self.server.host}: {_plain(error)}") from error
        try:
            if self.server.security == "starttls":
                host.starttls(context=self._trust())
            sign_in(host, self.server)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            host.close()
            raise Temporary(f"{self.server.host} does not let us in: {_plain(error)}") from error
        return host

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Hand over one mail to its one receiver; returns when the server has accepted it.

        Raises:
            Temporary: it may be tried again; the next ``send`` opens a new connection where needed.
            Permanent: the server or the receiver's address refuses it, or it holds what SMTP cannot carry.
        """
        sender, recipient = _envelope(message, envelope_from)
        raw = message.as_bytes()
        lines = raw.split(b"\r\n")
        bare = raw.count(b"\r") + raw.count(b"\n") - 2 * (len(lines) - 1)
        if bare or max(map(len, lines)) > LONGEST_LINE:
            raise Permanent("a line over 998 octets or a bare line break in the mail")
        if not self.suppress:
            if self.host is None or self.host.sock is None:
                self.host = self.configure_host()
            self._hand_over(self.host, sender, recipient, raw)
        self.num_emails += 1
        app = current_app._get_current_object() if has_app_context() else None  # type: ignore[attr-defined] # noqa: SLF001 - the signal's sender is the app itself, as in Flask-Mail
        flask_mail.email_dispatched.send(app, message=message)

    def _reached(self) -> smtplib.SMTP:
        server = self.server
        if server.security == "tls":
            return PatientSmtpTls(
                server.host, server.port, server.ehlo_name, timeout=server.timeout, context=self._trust()
            )
        return PatientSmtp(server.host, server.port, server.ehlo_name, timeout=server.timeout)

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.server.ca_file is not None:
            context.load_verify_locations(self.server.ca_file)
        return context

    def _hand_over(self, host: smtplib.SMTP, sender: str, recipient: str, raw: bytes) -> None:
        try:
            host.sendmail(sender, [recipient], raw)
        except smtplib.SMTPServerDisconnected as error:
            self._drop()
            raise Temporary(f"{self.server.host} ended the connection: {_plain(error)}") from error
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients[recipient]
            raise self._refused(code, f"{recipient} refused: {_reply(code, text)}") from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, _plain(error)) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._drop()
            raise Temporary(f"sending to {self.server.host} failed: {_plain(error)}") from error

    def _refused(self, code: int, reason: str) -> DeliveryFailed:
        if code == 421:
            self._drop()
        return Permanent(reason) if 500 <= code <= 599 else Temporary(reason)

    def _drop(self) -> None:
        if self.host is not None:
            self.host.close()
            self.host = None

    def _leave(self) -> None:
        # Everything accepted is accepted: a server that fails at QUIT must not make us send it twice.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if self.host is not None:
                self.host.quit()
        self._drop()


def sign_in(host: smtplib.SMTP, server: SmtpServer) -> None:
    """Greet the server, and sign in as ``server`` says, if it names anybody.

    Raises:
        smtplib.SMTPException, OSError: it does not let us in.
        ValueError: there is no token to sign in with.
    """
    host.ehlo_or_helo_if_needed()
    if server.username is None:
        return
    if server.access_token is None:
        host.login(server.username, server.password or "")
        return
    opening = f"user={server.username}\x01auth=Bearer {server.access_token()}\x01\x01"
    # A refusal comes as a challenge that wants an empty answer before the server says 535.
    host.auth("XOAUTH2", lambda challenge=None: opening if challenge is None else "")


def _envelope(message: Message, envelope_from: str | tuple[str, str] | None) -> tuple[str, str]:
    receivers = sorted(map(_bare, message.send_to))
    if len(receivers) != 1:
        raise Permanent("a mail goes to one receiver")
    try:
        return ascii_address(_bare(envelope_from or message.sender)), ascii_address(receivers[0])
    except ValueError as error:
        raise Permanent(f"an address that cannot be mailed: {error}") from error


def _bare(address: str | tuple[str, str]) -> str:
    return address[1] if isinstance(address, tuple) else address


def _plain(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error)[:300] or type(error).__name__


def _reply(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:300]
