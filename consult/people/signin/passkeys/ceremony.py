"""What a browser is asked, and whether its answer is right: origin, challenge, key, count, and that a person was asked.

Values in, values out: knows no row and no page. Whatever is wrong with an answer is one situation, ``NotProved``: who
sends it learns nothing of why.
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consult.settings import Settings

MOST_TEXT = 16_000
MILLISECONDS = 5 * 60 * 1000


class NotProved(Exception):
    """An answer proves nothing."""


@dataclass(frozen=True, slots=True)
class Site:
    """Who we are to a browser: the host of ``CONSULT_BASE_URL``, and the origin that answers must be given on."""

    host: str
    origin: str
    name: str

    @classmethod
    def of(cls, settings: Settings) -> Site | None:
        """Our site; None where browsers have no passkeys: on an address of digits, and without encryption."""
        parts = urlsplit(settings.base_url)
        host = (parts.hostname or "").lower()
        try:
            ipaddress.ip_address(host)
        except ValueError:
            possible = settings.https or host == "localhost"
        else:
            possible = False
        return cls(host, f"{parts.scheme}://{parts.netloc.lower()}", settings.firm_name) if possible else None


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is kept of a passkey that was made: its name at the device in base64url, its public half, its count."""

    credential: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser says of itself, before any of it was checked."""

    credential: str
    handle: str | None
    told: dict[str, Any]


def new_handle() -> str:
    """What a device is to know an account by: 64 random bytes that say nothing of anybody (level 3, 14.6.1)."""
    from webauthn.helpers import bytes_to_base64url, generate_user_handle

    return bytes_to_base64url(generate_user_handle())


def ask_new(site: Site, handle: str, account: str, had: Iterable[str]) -> tuple[str, str]:
    """Ask a browser to make a passkey: the options as JSON, and their challenge. ``had`` are not made again."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_name=account,
        user_id=base64url_to_bytes(handle),
        timeout=MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(each)) for each in had],
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def ask(site: Site, known: Iterable[str] = ()) -> tuple[str, str]:
    """Ask a browser for one of ``known``, or any that it has for us: the options as JSON, and their challenge."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.host,
        timeout=MILLISECONDS,
        allow_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(each)) for each in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def read_answer(text: str) -> Answer:
    """The parts of an answer that say which passkey it is of.

    Raises:
        NotProved: it is no answer of a browser.
    """
    try:
        told: Any = json.loads(text) if len(text) <= MOST_TEXT else None
        response, credential = told["response"], told["id"]
        handle = response.get("userHandle")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotProved from None
    if not isinstance(credential, str) or not isinstance(handle, str | None):
        raise NotProved
    return Answer(credential, handle.rstrip("=") if handle else None, told)


def check_new(site: Site, text: str, challenge: str) -> NewKey:
    """The passkey that was made for us, on our own site, by somebody whom the device knows.

    Raises:
        NotProved: it was not.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    told = read_answer(text).told
    try:
        made = verify_registration_response(
            credential=told,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise NotProved from error
    return NewKey(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)


def check(site: Site, answer: Answer, challenge: str, *, public_key: bytes, sign_count: int) -> int:
    """The new count of the passkey that this answer was made with; ``sign_count`` is the last one that was seen.

    Raises:
        NotProved: wrong challenge, origin, key or count, or the device did not ask its owner (user verification).
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        proved = verify_authentication_response(
            credential=answer.told,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise NotProved from error
    return proved.new_sign_count
