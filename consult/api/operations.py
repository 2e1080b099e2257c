"""The table of the calls: what each takes, gives and asks. Routes, checks and the OpenAPI document all read it.

A call is a function that is handed ``Asked`` and gives a payload. It knows no response and commits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, Protocol, TypeVar

from consult.people.keys.services import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from consult.api.callers import Caller
    from consult.api.payloads.base import Outgoing
    from consult.api.schemas import Incoming

Given = TypeVar("Given")
Arguments = ParamSpec("Arguments")

# Who looks at questions and talks; who acts on them; who sees what the office keeps, and the people in it.
LOOKS = frozenset({Scope.READ, Scope.DESK})
ACTS = frozenset({Scope.DESK})
KEEPS = frozenset({Scope.READ, Scope.ADMIN})
KNOWS_PEOPLE = frozenset({Scope.ADMIN})
WRITES = frozenset({Scope.WRITE})
PUBLIC: frozenset[Scope] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked(Generic[Given]):
    """One call as it came in: its checked body or query, and the program's key when there is one.

    ``looked_up`` is what ``Operation.looks_up`` gave, or the fault that it met.
    """

    given: Given
    caller: Caller | None
    looked_up: object = None

    @property
    def key(self) -> Caller:
        """The program; only for calls that ask for a key."""
        assert self.caller is not None  # noqa: S101 (the door let nobody through without one)
        return self.caller

    @property
    def found(self) -> Any:
        """What was looked up before; a fault that was met then is raised now, when this is known to be no repeat."""
        if isinstance(self.looked_up, Exception):
            raise self.looked_up
        return self.looked_up


class Handler(Protocol):
    """What does the work of a call; the parts of its address come by name."""

    def __call__(self, asked: Asked[Any], /, **parts: Any) -> Outgoing:
        """Do it, and give what goes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call. ``rule`` is its address as Flask writes it; ``scopes`` are those of which a key needs one.

    A call without ``scopes`` is for everybody; a program that sends something there with a key needs one of
    ``for_programs``.
    ``looks_up`` reads what the work needs of the body, in a transaction that cannot write: nobody waits for it.
    ``limit`` counts calls per address without a key. ``problems`` are the statuses that it can answer with besides
    those that every call of its kind can.
    """

    name: str
    method: Literal["GET", "POST"]
    rule: str
    tag: str
    gives: type[Outgoing]
    handler: Handler
    status: int = 200
    query: type[Incoming] | None = None
    body: type[Incoming] | None = None
    body_may_be_empty: bool = False
    looks_up: Callable[[Any], object] | None = None
    scopes: frozenset[Scope] = PUBLIC
    for_programs: frozenset[Scope] = WRITES
    limit: str = "300/minute"
    problems: tuple[int, ...] = ()
    conflict: type[Outgoing] | None = None
    told: str = field(default="")

    @property
    def endpoint(self) -> str:
        """The name of its route."""
        return f"api.{self.name}"

    @property
    def is_public(self) -> bool:
        """Whether no key is needed."""
        return not self.scopes

    @property
    def of_key(self) -> frozenset[Scope]:
        """The scopes of which a key needs one; none where any key will do."""
        return self.scopes or (self.for_programs if self.method == "POST" else PUBLIC)


OPERATIONS: list[Operation] = []


def call(
    method: Literal["GET", "POST"], rule: str, **facts: Any
) -> Callable[[Callable[Arguments, Outgoing]], Callable[Arguments, Outgoing]]:
    """Put a call into the table; its docstring is what the document tells of it. ``facts`` are those of Operation."""

    def register(handler: Callable[Arguments, Outgoing]) -> Callable[Arguments, Outgoing]:
        told = " ".join((handler.__doc__ or "").partition("Raises:")[0].split())
        named: Any = handler
        OPERATIONS.append(
            Operation(name=named.__name__, method=method, rule=rule, handler=named, told=told, **facts)
        )
        return handler

    return register
