"""Pages as a person uses them: open, read, follow, fill in by label, press a button.

Every HTML answer is checked by tests/support/markup_rules.py on the way, so a test of a feature also proves the markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from tests.support import html, markup_rules

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.support.html import Element


class Visitor:
    """A browser without script: keeps cookies when it gets any, follows redirects, remembers nothing else."""

    def __init__(self, client: FlaskClient) -> None:
        """Act through ``client``."""
        self.client = client

    def open(self, address: str, *, status: int = 200, **headers: str) -> Page:
        """The page at an address, redirects followed; ``Accept_Language="en"`` becomes that header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._read(self.client.get(_local(address), headers=named), status)

    def send(self, method: str, address: str, pairs: list[tuple[str, str]], status: int) -> Page:
        """Send a form as a browser does. A POST that worked answers 303; ``status`` is that of the page after it."""
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        if method == "get":
            return self._read(self.client.get(_local(address).split("?")[0], query_string=data), status)
        response = self.client.post(_local(address), data=data)
        if 300 <= response.status_code < 400:
            assert response.status_code == 303, (
                f"after POST {address} comes a 303, not {response.status_code}"
            )
        return self._read(response, status)

    def _read(self, response: TestResponse, status: int) -> Page:
        for _ in range(5):
            if not 300 <= response.status_code < 400:
                break
            here = response.request.url
            response = self.client.get(_local(urljoin(here, response.headers["Location"])))
        address = response.request.path
        body = response.get_data(as_text=True)
        assert response.status_code == status, f"{address} answered {response.status_code}: {_summary(body)}"
        assert response.mimetype == "text/html", f"{address} answered {response.mimetype}, not a page"
        return Page(self, response, body)


class Page:
    """One answer, read and checked."""

    def __init__(self, visitor: Visitor, response: TestResponse, body: str) -> None:
        """Read ``body``; fails with every finding when the markup is not as ours must be."""
        self.visitor, self.response, self.body = visitor, response, body
        self.tree, mistakes = html.read(body)
        found = [*mistakes, *markup_rules.findings(self.tree), *self._error_findings()]
        assert not found, f"{self.address}:\n  " + "\n  ".join(found)

    @property
    def address(self) -> str:
        """Path and query of this page."""
        return _local(self.response.request.url)

    @property
    def heading(self) -> str:
        """The words of the h1."""
        heading = self.tree.first("h1")
        return heading.text if heading else ""

    @property
    def text(self) -> str:
        """Everything a person reads on it."""
        return self.tree.text

    @property
    def errors(self) -> dict[str, str]:
        """The error at each field, by the field's name; the words at a group count for its first control."""
        found: dict[str, str] = {}
        for control in markup_rules.fields(self.tree):
            group = control.within("fieldset")
            ids = (
                control.get("aria-describedby") + " " + (group.get("aria-describedby") if group else "")
            ).split()
            for error in (self.tree.first(id=name) for name in ids):
                if error is not None and "error" in error.get("class").split():
                    found.setdefault(control.get("name"), error.text)
        return found

    def link(self, words: str) -> str:
        """The address of the one link with these words."""
        found = {
            link.get("href") for link in self.tree.all("a") if words in (link.text, link.get("aria-label"))
        }
        assert len(found) == 1, (
            f"{len(found)} links {words!r} on {self.address}: {[a.text for a in self.tree.all('a')]}"
        )
        return found.pop()

    def follow(self, words: str, *, status: int = 200) -> Page:
        """The page behind the link with these words."""
        return self.visitor.open(urljoin(self.address, self.link(words)), status=status)

    def form(self, button: str | None = None) -> Form:
        """The form with this button, or the only POST form of the page."""
        forms = list(self.tree.all("form"))
        if button is None:
            found = [form for form in forms if form.get("method").lower() == "post"] or forms
        else:
            found = [form for form in forms if any(b.text == button for b in form.all("button"))]
        buttons = [b.text for b in self.tree.all("button")]
        assert len(found) == 1, f"{len(found)} forms with {button!r} on {self.address}; buttons: {buttons}"
        return Form(self, found[0])

    def _error_findings(self) -> list[str]:
        """UX.md A.3: a page with mistakes says so in its title and links from a summary to each field."""
        if self.response.status_code != 422 or not self.errors:
            return []
        found = []
        title = self.body.partition("<title>")[2].partition("</title>")[0]
        if not title.startswith(("Fout: ", "Error: ")):
            found.append(f"mistakes on the page, and the title is {title!r}: start it with 'Fout: '")
        summary = " ".join(link.text for link in self.tree.all("a") if link.get("href").startswith("#"))
        found += [
            f"{error!r} is at its field and not in the summary"
            for error in self.errors.values()
            if error not in summary
        ]
        return found


class Form:
    """A form on a page with what stands in it; fill it in by the words of its labels or the names of its fields."""

    def __init__(self, page: Page, element: Element) -> None:
        """Take the values that the page holds, hidden ones too."""
        self.page, self.element = page, element
        self.fields = list(markup_rules.fields(element))
        self.values: dict[str, list[str]] = {}
        for control in element.all("input", "select", "textarea"):
            for value in _standing(control):
                self.values.setdefault(control.get("name"), []).append(value)

    def fill(self, answers: dict[str, str]) -> Self:
        """Type each answer in the text field with that label, or name."""
        for words, answer in answers.items():
            self.values[self._control(words).get("name")] = [answer]
        return self

    def choose(self, *words: str) -> Self:
        """Pick radios, tick boxes or take the option of a list, by their words; a radio's value works too."""
        for wanted in words:
            control, value = self._choice(wanted)
            name = control.get("name")
            several = control.get("type") == "checkbox"
            self.values[name] = [*self.values.get(name, []), value] if several else [value]
        return self

    def untick(self, words: str) -> Self:
        """Take the tick out of a box."""
        control, value = self._choice(words)
        self.values[control.get("name")].remove(value)
        return self

    def value(self, words: str) -> str:
        """What stands in the field with that label, or name."""
        return next(iter(self.values.get(self._control(words).get("name"), [])), "")

    def submit(self, button: str | None = None, *, status: int = 200) -> Page:
        """Press a button; by default the first. ``status`` is that of the page that comes."""
        buttons = [b for b in self.element.all("button") if b.get("type") in {"", "submit"}]
        pressed = next((b for b in buttons if button in (None, b.text)), None)
        assert pressed is not None, f"no button {button!r} among {[b.text for b in buttons]}"
        pairs = [(name, value) for name, values in self.values.items() for value in values]
        if pressed.get("name"):
            pairs.append((pressed.get("name"), pressed.get("value")))
        action = pressed.get("formaction") or self.element.get("action") or self.page.address
        method = (self.element.get("method") or "get").lower()
        return self.page.visitor.send(method, urljoin(self.page.address, action), pairs, status)

    def _control(self, words: str) -> Element:
        tree = self.page.tree
        found = [c for c in self.fields if words in (_bare(markup_rules.label_of(c, tree)), c.get("name"))]
        labels = [markup_rules.label_of(control, tree) for control in self.fields]
        assert found, f"no field {words!r} on {self.page.address}; there are {labels}"
        return found[0]

    def _choice(self, words: str) -> tuple[Element, str]:
        for control in self.fields:
            if control.get("type") in {"radio", "checkbox"}:
                label = _bare(markup_rules.label_of(control, self.page.tree))
                if words in (label, control.get("value")):
                    return control, control.get("value") or "on"
            for option in control.all("option"):
                if words in (option.text, option.get("value")):
                    return control, option.get("value") if option.has("value") else option.text
        raise AssertionError(f"nothing to choose called {words!r} on {self.page.address}")


def _standing(control: Element) -> list[str]:
    """What a browser would send for a control that nobody touched."""
    if (
        not control.get("name")
        or control.has("disabled")
        or control.get("type") in {"submit", "button", "file"}
    ):
        return []
    if control.tag == "textarea":
        text = "".join(child for child in control.children if isinstance(child, str))
        return [text.removeprefix("\r").removeprefix("\n")]
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = [o for o in options if o.has("selected")] or ([] if control.has("multiple") else options[:1])
        return [option.get("value") if option.has("value") else option.text for option in chosen]
    if control.get("type") in {"radio", "checkbox"}:
        return [control.get("value") or "on"] if control.has("checked") else []
    return [control.get("value")]


def _bare(label: str) -> str:
    return label.removesuffix("(niet verplicht)").removesuffix("(optional)").strip()


def _local(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "") or "/"


def _summary(body: str) -> str:
    return html.read(body)[0].text[:300]
