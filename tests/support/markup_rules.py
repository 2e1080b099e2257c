"""What holds for each of our pages, whatever it is about; each finding says what to mend.

The rules are those of UX.md and WCAG 2.2 that markup alone can show; axe and the browser tests see the rest.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.html import Element

LOADS = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "form": "action",
    "source": "src",
    "use": "href",
}
CONTROLS = ("input", "select", "textarea")
NEEDS_NO_LABEL = frozenset({"hidden", "submit", "button", "image", "reset"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list")


def findings(page: Element) -> Iterator[str]:
    """Everything that is wrong with a page."""
    for rule in (_headings, _language, _ids, _labels, _names, _nothing_inline, _nothing_from_elsewhere):
        yield from rule(page)


def fields(scope: Element) -> Iterator[Element]:
    """The fields a person fills in."""
    for control in scope.all(*CONTROLS):
        if control.tag != "input" or control.get("type") not in NEEDS_NO_LABEL:
            yield control


def label_of(control: Element, page: Element) -> str:
    """The words that name a field: its label, or what aria says."""
    if control.has("aria-label"):
        return control.get("aria-label")
    if control.has("aria-labelledby"):
        ids = control.get("aria-labelledby").split()
        return " ".join(named.text for name in ids if (named := page.first(id=name)))
    around = control.within("label")
    label = around or (page.first("label", **{"for": control.get("id")}) if control.get("id") else None)
    return label.text if label else ""


def _headings(page: Element) -> Iterator[str]:
    headings = [heading.text for heading in page.all("h1")]
    title = page.first("title")
    text = (
        title.text
        if title
        else " ".join("".join(c for c in e.children if isinstance(c, str)) for e in page.all("title"))
    )
    if len(headings) != 1:
        yield f"a page has one h1, this one has {len(headings)}: {headings}"
        return
    without_prefix = text.removeprefix("Fout: ").removeprefix("Error: ")
    if without_prefix != headings[0] and not without_prefix.startswith(f"{headings[0]} – "):
        yield f"the title says {text!r} and the h1 {headings[0]!r}: make them equal"
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"after an h{above} comes an h{below}: do not skip a level"
    if len(list(page.all("main"))) != 1:
        yield "a page has one <main>"


def _language(page: Element) -> Iterator[str]:
    html = page.first("html")
    if html is None or html.get("lang") not in {"nl", "en"}:
        yield "<html> says its language: lang=nl or lang=en"


def _ids(page: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in page.all() if element.has("id"))
    yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1 or not name)
    for element in page.all():
        for name in REFERENCES:
            yield from (
                f"{name} of <{element.tag}> names #{target}, which is not on the page"
                for target in element.get(name).split()
                if target not in ids
            )
        link = element.get("href")
        if element.tag == "a" and link.startswith("#") and link[1:] not in ids:
            yield f"the link {element.text!r} goes to {link}, which is not on the page"


def _labels(page: Element) -> Iterator[str]:
    for control in fields(page):
        if not label_of(control, page):
            yield f"the field {control.get('name') or control.get('id')!r} has no label"
        if control.get("type") == "radio" and (group := control.within("fieldset")) is None:
            yield f"the radio {control.get('name')!r} stands in no fieldset"
        elif control.get("type") == "radio" and group is not None and group.first("legend") is None:
            yield f"the fieldset of {control.get('name')!r} has no legend"


def _names(page: Element) -> Iterator[str]:
    for element in page.all("a", "button", "summary"):
        images = any(image.get("alt") for image in element.all("img"))
        if not (element.text or element.get("aria-label") or images or element.has("aria-labelledby")):
            yield f"<{element.tag} {element.attributes}> has no words"
    yield from (
        f"the image {image.get('src')} has no alt" for image in page.all("img") if not image.has("alt")
    )
    for form in page.all("form"):
        if form.first("button") is None and form.first("input", type="submit") is None:
            buttons = page.first("button", form=form.get("id")) if form.get("id") else None
            if buttons is None:
                yield f"the form to {form.get('action')!r} has no button"


def _nothing_inline(page: Element) -> Iterator[str]:
    for element in page.all():
        if element.tag == "style" or (element.tag == "script" and not element.has("src")):
            yield f"an inline <{element.tag}>, which the CSP refuses"
        for name, value in element.attributes.items():
            if name == "style" or name.startswith("on"):
                yield f"the attribute {name}={value!r} on <{element.tag}>, which the CSP refuses"
            if value.strip().lower().startswith("javascript:"):
                yield f"the address {value!r} on <{element.tag}>"


def _nothing_from_elsewhere(page: Element) -> Iterator[str]:
    for element in page.all(*LOADS):
        address = element.get(LOADS[element.tag])
        if (
            urlsplit(address).netloc not in {"", "localhost", "127.0.0.1"}
            and element.get("rel") != "canonical"
        ):
            yield f"<{element.tag}> loads {address} from another host"
