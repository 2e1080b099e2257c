"""The edge of the engine: text, addresses and links as a calendar line or a mail header can carry them.

Texts are cleaned, because a meeting must not fail on a pasted character. Identifiers are refused, because a
changed UID, address or link would name something else. Knows nothing of who typed them.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit

_LINE_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls but tab and line feed, the bidi embeddings, overrides and isolates, the byte order mark,
# and lone surrogates, which no encoder accepts. ZWJ and ZWNJ stay: names and emoji need them.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SPACES = re.compile(r"[ \t\n\u00a0]+")

_UID = re.compile(r"[\x21-\x7e]{1,255}")
_ADDRESS = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f-\x9f\u200b-\u206f\ufeff\ud800-\udfff]{1,64}"
    r"@[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f-\x9f\u200b-\u206f\ufeff\ud800-\udfff]{1,190}"
)
_LOCAL = "!$'*+-._~=/|{}`^"
_LINK = re.compile(r"[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]{1,2000}")


def many_lines(text: str) -> str:
    """The text in NFC with line feeds between its lines and without characters that steer instead of show."""
    # What Python calls printable holds none of either: most texts need not be searched for them.
    if not text.replace("\n", "").isprintable():
        text = _UNPRINTABLE.sub("", _LINE_BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def one_line(text: str) -> str:
    """The text as ``many_lines`` gives it, on one line with single spaces."""
    return _SPACES.sub(" ", many_lines(text)).strip()


def checked_uid(uid: str) -> str:
    """The UID unchanged: 1 to 255 visible ASCII characters (RFC 7986 5.3 asks for no meaning in them).

    Raises:
        ValueError: anything else; a line break here would become a second property.
    """
    if not _UID.fullmatch(uid):
        raise ValueError("a UID is visible ASCII, at most 255 characters")
    return uid


def checked_address(address: str) -> str:
    """The mail address unchanged, when a header and a ``mailto:`` can carry it as it is.

    Raises:
        ValueError: no local part or domain, a quoted local part, white space or control characters.
    """
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        raise ValueError("not a mail address")
    return address


def checked_link(link: str) -> str:
    """The link unchanged: https, http or tel, visible ASCII as RFC 3986 allows.

    Raises:
        ValueError: another scheme, a missing host, or a character a URI may not hold.
    """
    parts = urlsplit(link) if _LINK.fullmatch(link) else None
    if parts is None or parts.scheme not in {"https", "http", "tel"}:
        raise ValueError("not a link a calendar can carry")
    if parts.scheme != "tel" and not parts.hostname:
        raise ValueError("a link without a host")
    return link


def mailto(address: str) -> str:
    """The address as a CAL-ADDRESS (RFC 5545 3.3.3, RFC 6068): only what a URI cannot hold is escaped."""
    local, _, domain = checked_address(address).rpartition("@")
    return f"mailto:{quote(local, safe=_LOCAL)}@{domain}"


def address_of(value: str) -> str:
    """The mail address in a CAL-ADDRESS as clients write it: any case, quoted, bracketed or without scheme.

    Returns "" when there is none (``invalid:nomail``, ``urn:uuid:…``).
    """
    bare = value.strip().strip("\"'<>").strip()
    if bare[:7].lower() == "mailto:":
        bare = unquote(bare[7:].partition("?")[0]).strip().strip("\"'<>")
    return bare if _ADDRESS.fullmatch(bare) and len(bare) <= 254 else ""
