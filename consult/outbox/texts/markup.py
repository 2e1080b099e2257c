"""The small Markdown of the firm's texts, read once and spoken twice: as HTML and as plain text.

Paragraphs, line breaks, lists, bold, italic and links; nothing else means anything. A value that is filled in never
becomes markup: it is set into what was read, escaped.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.renderer import RendererProtocol
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a"}
SCHEMES = {"http", "https", "mailto", "tel"}
# In a mail a link brings its style along, as those of the layout do.
MAIL_LINK = {"a": {"class": "link", "style": "color:#1c2230"}}


def to_html(text: str, values: Mapping[str, str], *, in_mail: bool) -> Markup:
    """The text as HTML of a handful of harmless elements, with ``values`` (by place) as plain words in it."""
    made = _markdown().render(text, {"values": values})
    return Markup(  # noqa: S704 (cleaned by nh3 here)
        nh3.clean(
            made,
            tags=TAGS,
            attributes={"a": {"href"}, "ol": {"start"}},
            url_schemes=SCHEMES,
            set_tag_attribute_values=MAIL_LINK if in_mail else None,
        )
    )


def to_plain(text: str, values: Mapping[str, str]) -> str:
    """The text as lines to read: no stars, each list item on a line, the address of a link behind its words."""
    return _plain(_markdown().parse(text), values)


def places_read(text: str) -> list[tuple[int, int, int]]:
    """For each run of words its first line and the line after its last (from 0), and how many places it fills in."""
    return [
        (token.map[0], token.map[1], sum(child.type == "place" for child in token.children or ()))
        for token in _markdown().parse(text)
        if token.type == "inline" and token.map
    ]


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    made = MarkdownIt("zero", {"breaks": True})
    made.enable(["list", "newline", "emphasis", "link", "autolink"])
    made.inline.ruler.before("emphasis", "place", _read_place)
    made.add_render_rule("place", _speak_place)
    return made


def _read_place(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the parser calls it so)
    """Read ``{name}`` at the cursor."""
    if state.src[state.pos] != "{":
        return False
    end = state.src.find("}", state.pos)
    name = state.src[state.pos + 1 : end]
    if end < 0 or "{" in name or "\n" in name:
        return False
    if not silent:
        state.push("place", "", 0).content = name
    state.pos = end + 1
    return True


def _speak_place(
    _self: RendererProtocol, tokens: Sequence[Token], at: int, _options: OptionsDict, env: EnvType
) -> str:
    return str(escape(env["values"][tokens[at].content]))


def _plain(tokens: Sequence[Token], values: Mapping[str, str]) -> str:
    """Walk the blocks; lists indent what is in them."""
    done: list[str] = []
    markers: list[str] = []
    lists: list[int | None] = []
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrs.get("start", 1)) if token.tag == "ol" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
            if not lists:
                done.append("")
        elif token.type == "list_item_open":
            number = lists[-1]
            markers.append("- " if number is None else f"{number}. ")
            lists[-1] = None if number is None else number + 1
        elif token.type == "inline":
            said = _inline(token.children or (), values).splitlines() or [""]
            first = "  " * (len(lists) - 1) + markers.pop() if markers else "  " * len(lists)
            done.append(first + said[0])
            done += ["  " * len(lists) + line for line in said[1:]]
            if not lists:
                done.append("")
    return "\n".join(done).strip("\n")


def _inline(tokens: Sequence[Token], values: Mapping[str, str]) -> str:
    said: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "text":
            said.append(token.content)
        elif token.type == "place":
            said.append(values[token.content])
        elif token.type in {"softbreak", "hardbreak"}:
            said.append("\n")
        elif token.type == "link_open":
            links.append((str(token.attrs["href"]), len(said)))
        elif token.type == "link_close":
            address, begun = links.pop()
            address = address.removeprefix("mailto:").removeprefix("tel:")
            if "".join(said[begun:]) != address:
                said.append(f" ({address})")
    return "".join(said)
