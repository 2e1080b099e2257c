"""What comes in, before any page sees it: a part of a form without a name is no answer to anything, and is left out.

Werkzeug hands such a part on under the name None, which forms and their protection take for a text.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from flask import Request
from werkzeug.formparser import FormDataParser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict


class NamedParts(FormDataParser):
    """Reads a form, and keeps what has a name (RFC 7578 4.2 asks for one)."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: Mapping[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, Any], MultiDict[str, Any]]:
        """The stream, the texts and the files."""
        rest, texts, files = super().parse(stream, mimetype, content_length, dict(options or {}))
        return rest, self._named(texts), self._named(files)

    def _named(self, parts: MultiDict[Any, Any]) -> MultiDict[str, Any]:
        found: MultiDict[str, Any] = self.cls(
            [pair for pair in parts.items(multi=True) if pair[0] is not None]
        )
        return found


class Incoming(Request):
    """Flask's request, with forms of named parts only."""

    form_data_parser_class = NamedParts
