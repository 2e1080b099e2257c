"""Templates of one language: what is said without a variable in it is translated once, when a template is compiled.

A mail says some twenty texts, and asking the catalogue for each, for every mail, costs more than all the rest of it.
Knows no mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED_BY = frozenset({"_", "gettext"})


class TranslatedEnvironment(Environment):
    """An environment whose templates are in one language; ``gettext`` is that of its catalogue."""

    def __init__(self, gettext: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self._gettext = gettext

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002 (Jinja's signature)
    ) -> str:
        escaped = nodes.EvalContext(self, name).autoescape
        translated = _Translation(self._gettext, Markup if escaped else str).visit(source)
        return super()._generate(translated, name, filename, defer_init)


class _Translation(NodeTransformer):
    """Puts the translated text in the place of ``_('a text')``, as newstyle gettext would give it."""

    def __init__(self, gettext: Callable[[str], str], kind: Callable[[str], str]) -> None:
        self._gettext, self._kind = gettext, kind

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (Jinja finds it by this name)
        self.generic_visit(node)
        asked = isinstance(node.node, nodes.Name) and node.node.name in ASKED_BY
        bare = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and len(node.args) == 1
        text = node.args[0] if asked and bare else None
        if not isinstance(text, nodes.Const):
            return node
        # Newstyle texts are format strings, also without a variable: %% is one percent sign.
        return nodes.Const(self._kind(self._gettext(text.value)) % {}, lineno=node.lineno)
