"""``consult mail test``: one conversation with the mail server, step by step, so that the step that fails is seen.

Sends a real mail to the address it is given. Knows no outbox: nothing is stored and nothing is retried.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from consult.outbox.connection import sign_in
from consult.outbox.delivery import mail_server
from consult.outbox.replies import PatientSmtp, PatientSmtpTls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from consult.settings import Settings

TIMEOUT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Finding:
    """One step: what was tried, whether it worked, and what was seen; ``mend`` says what to look at when it did not."""

    step: str
    ok: bool
    seen: str
    mend: str = ""


class _Stuck(Exception):
    """A step failed, so the next ones cannot be tried."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.step)
        self.finding = finding


def probe(settings: Settings, address: str, *, now: datetime) -> Iterator[Finding]:
    """Look up, connect, secure, sign in, hand over: each step as it is done; the first that fails is the last."""
    host: smtplib.SMTP | None = None
    try:
        yield _look_up(settings)
        host = _connect(settings)
        yield Finding(
            "connect", ok=True, seen=f"{settings.mail_server}:{settings.mail_port} answers as a mail server"
        )
        yield _secure(settings, host)
        yield _sign_in(settings, host)
        yield _hand_over(settings, host, address, now)
    except _Stuck as stuck:
        yield stuck.finding
    finally:
        if host is not None:
            with suppress(OSError, smtplib.SMTPException):
                host.quit()


def _look_up(settings: Settings) -> Finding:
    try:
        found = socket.getaddrinfo(settings.mail_server, settings.mail_port, type=socket.SOCK_STREAM)
    except OSError as error:
        mend = "check CONSULT_MAIL_SERVER and the name servers of this machine"
        raise _Stuck(
            Finding("name", ok=False, seen=f"{settings.mail_server}: {error.strerror}", mend=mend)
        ) from None
    addresses = ", ".join(dict.fromkeys(str(each[4][0]) for each in found))
    return Finding("name", ok=True, seen=f"{settings.mail_server} is {addresses}")


def _connect(settings: Settings) -> smtplib.SMTP:
    try:
        if settings.mail_security == "tls":
            context = ssl.create_default_context()
            return PatientSmtpTls(
                settings.mail_server,
                settings.mail_port,
                settings.answer_domain,
                timeout=TIMEOUT_SECONDS,
                context=context,
            )
        return PatientSmtp(
            settings.mail_server, settings.mail_port, settings.answer_domain, timeout=TIMEOUT_SECONDS
        )
    except ssl.SSLError as error:
        mend = "check the certificate, or CONSULT_MAIL_SECURITY (starttls uses port 587, tls port 465)"
        raise _Stuck(Finding("connect", ok=False, seen=_of_tls(error), mend=mend)) from None
    except (OSError, smtplib.SMTPException) as error:
        mend = "check CONSULT_MAIL_PORT, CONSULT_MAIL_SECURITY and whether a firewall lets us out"
        raise _Stuck(Finding("connect", ok=False, seen=_of(error), mend=mend)) from None


def _secure(settings: Settings, host: smtplib.SMTP) -> Finding:
    if settings.mail_security == "none":
        return Finding("TLS", ok=True, seen="not asked for (CONSULT_MAIL_SECURITY is none)")
    if settings.mail_security == "starttls":
        try:
            host.starttls(context=ssl.create_default_context())
        except (OSError, smtplib.SMTPException) as error:
            seen = _of_tls(error) if isinstance(error, ssl.SSLError) else _of(error)
            mend = "check that CONSULT_MAIL_SERVER is the name in its certificate, and CONSULT_MAIL_SECURITY"
            raise _Stuck(Finding("TLS", ok=False, seen=seen, mend=mend)) from None
    version = host.sock.version() if isinstance(host.sock, ssl.SSLSocket) else None
    return Finding("TLS", ok=True, seen=f"{version}, and the certificate is for {settings.mail_server}")


def _sign_in(settings: Settings, host: smtplib.SMTP) -> Finding:
    server = mail_server(settings)
    if server.username is None:
        return Finding("sign-in", ok=True, seen="not asked for (CONSULT_MAIL_USERNAME is not set)")
    try:
        sign_in(host, server)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        secret = "PASSWORD" if server.access_token is None else "TOKEN, or who renews CONSULT_MAIL_TOKEN_FILE"
        mend = f"check CONSULT_MAIL_USERNAME and CONSULT_MAIL_{secret}"
        raise _Stuck(Finding("sign-in", ok=False, seen=_of(error), mend=mend)) from None
    return Finding("sign-in", ok=True, seen="accepted")


def _hand_over(settings: Settings, host: smtplib.SMTP, address: str, now: datetime) -> Finding:
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = address
    mail["Subject"] = "consult: test"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=settings.answer_domain)
    mail.set_content("This mail shows that consult can send mail.\n")
    try:
        host.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        mend = f"ask whoever runs {settings.mail_server} whether {settings.mail_from} may send through it"
        raise _Stuck(Finding("mail", ok=False, seen=_of(error), mend=mend)) from None
    return Finding("mail", ok=True, seen=f"accepted for {address}, as {mail['Message-ID']}")


def _of(error: Exception) -> str:
    """What the server said, or what the system said."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return f"{code} {text.decode('utf-8', 'replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _of_tls(error: ssl.SSLError) -> str:
    return getattr(error, "verify_message", None) or error.reason or str(error)
