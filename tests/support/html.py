"""A page as a small tree, read with the standard library's parser. Knows HTML and nothing of our pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
UNSEEN = frozenset({"script", "style", "template", "head"})


@dataclass(eq=False)
class Element:
    """One element: its name, attributes, and what stands in it; texts are kept as strings among the children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The value of an attribute; empty when it is absent or has none."""
        return self.attributes.get(name, "")

    def has(self, name: str) -> bool:
        """Whether the attribute is there, with or without a value."""
        return name in self.attributes

    def all(self, *tags: str, **attributes: str) -> Iterator[Element]:
        """The elements within, in the order of the page, with one of these tags and these attribute values."""
        for element in self._below:
            if (not tags or element.tag in tags) and all(
                element.get(key) == want for key, want in attributes.items()
            ):
                yield element

    @cached_property
    def _below(self) -> list[Element]:
        """Every element within, listed once: a page that was read does not change, and is asked a hundred times."""
        listed: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                listed.append(child)
                listed += child._below  # noqa: SLF001 (its own kind)
        return listed

    def first(self, *tags: str, **attributes: str) -> Element | None:
        """The first of ``all``."""
        return next(self.all(*tags, **attributes), None)

    def within(self, *tags: str) -> Element | None:
        """The nearest element around this one with one of these tags."""
        around = self.parent
        while around is not None and around.tag not in tags:
            around = around.parent
        return around

    @property
    def text(self) -> str:
        """What a person reads in it, with single spaces."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNSEEN:
                yield from child._texts()  # noqa: SLF001 (its own kind)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document")
        self.open = self.root
        self.mistakes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        if len(element.attributes) < len(attrs):
            self.mistakes.append(f"<{tag}> on line {self.getpos()[0]} has the same attribute twice")
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open = self.open.parent or self.root

    def handle_endtag(self, tag: str) -> None:
        if self.open.tag != tag:
            self.mistakes.append(f"</{tag}> on line {self.getpos()[0]} closes <{self.open.tag}>")
            if self.open.within(tag) is None:
                return
            while self.open.tag != tag and self.open.parent:
                self.open = self.open.parent
        self.open = self.open.parent or self.root

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def read(markup: str) -> tuple[Element, list[str]]:
    """The tree of a page, and the mistakes in how its tags nest."""
    builder = _Builder()
    builder.feed(markup)
    builder.close()
    if builder.open is not builder.root:
        builder.mistakes.append(f"<{builder.open.tag}> is never closed")
    return builder.root, builder.mistakes
