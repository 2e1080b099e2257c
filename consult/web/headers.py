"""Security headers on every answer, as a layer round the whole application: error pages and static files too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# A mail that is shown in a frame: its own styles, pictures it brought along, and links in a new tab.
FRAMED_MAIL = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'self'"
)
# The page around it frames only our own addresses.
FRAMING = CSP.replace("object-src", "frame-src 'self'; object-src")
NOBODY = "'none'"
FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def framed_by(sites: Sequence[str]) -> str:
    """The same policy for a page that these origins may show in a frame; nobody may when there are none."""
    return CSP.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(sites) or NOBODY}")


class SecurityHeaders:
    """WSGI layer: adds what is missing, keeps what a page set on purpose (frame-ancestors of an embed)."""

    def __init__(self, app: WSGIApplication, *, https: bool) -> None:
        self.app = app
        self.fixed = (*FIXED, HSTS) if https else FIXED

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the app does, with the headers added."""

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], object]:
            present = {name.lower() for name, _value in headers}
            added = [
                pair
                for pair in (("Content-Security-Policy", CSP), *self.fixed)
                if pair[0].lower() not in present
            ]
            kept = [pair for pair in headers if pair[0].lower() != "server"]
            return start_response(status, kept + added, exc_info)  # type: ignore[arg-type]  # (wsgiref's triple)

        return self.app(environ, start)
