"""The texts of mails about a question to who asked it, and of the mails that only colleagues get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from consult.outbox.texts import samples
from consult.outbox.texts.kinds import FirmText, Journey, Part, Place, Receiver
from consult.outbox.texts.talks import BUTTON, FIRM, NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

NUMBER = Place("nummer", "reference", _l("het nummer van de vraag"))
OWNER = Place("adviseur", "advisor.name", _l("de naam van de adviseur"))
# Who answers by when, as the template says it.
PROMISE = Place(
    "belofte",
    "_('%(advisor)s antwoordt uiterlijk %(day)s.', advisor=advisor.name, day=answer_by | day) if advisor else "
    "_('Een van onze adviseurs antwoordt uiterlijk %(day)s.', day=answer_by | day)",
    _l("wie antwoordt, en wanneer"),
    in_subject=False,
)
PARTICULARS = Part("bijzonderheden", "particulars", _l("wat er verder over te zeggen is"), sentences=True)
BOTH = ("nl", "en")
COLLEAGUE = Place("collega", "taker", _l("wie de vraag oppakte"))


def _to_visitor(
    event: str, when: Any, *places: Place, parts: Iterable[Part] = (BUTTON,), **changed: Any
) -> FirmText:
    return FirmText(
        key=f"{event}.visitor",
        event=event,
        journey=Journey.QUESTION,
        when=when,
        receiver=Receiver.VISITOR,
        places=(NAME, *places, *FIRM),
        needed=frozenset({"belofte"}) if PROMISE in places else frozenset(),
        parts=tuple(parts),
        sample=samples.QUESTION | changed,
    )


def _to_colleague(
    event: str,
    when: Any,
    *places: Place,
    parts: Iterable[Part] = (PARTICULARS, BUTTON),
    called: str = "advisor.first_name",
    languages: tuple[str, ...] = ("nl",),
) -> FirmText:
    return FirmText(
        key=f"{event}.colleague",
        event=event,
        journey=Journey.DESK,
        when=when,
        receiver=Receiver.COLLEAGUE,
        applies="name" if called == "name" else "true",
        places=(*([Place("naam", called, NAME.told)] if called else []), *places, *FIRM),
        parts=tuple(parts),
        sample=samples.DESK,
        languages=languages,
    )


QUESTIONS = [
    _to_visitor(
        "enquiry-received",
        _l("Een vraag komt binnen"),
        NUMBER,
        PROMISE,
        parts=(Part("vraag", "question", _l("de vraag, zoals die gesteld is")), BUTTON),
    ),
    _to_visitor(
        "enquiry-answered",
        _l("Een adviseur antwoordt"),
        NUMBER,
        parts=(Part("antwoord", "answer", _l("wat de adviseur schreef")), BUTTON),
    ),
    _to_visitor("enquiry-handed-over", _l("Een andere adviseur neemt de vraag over"), NUMBER, OWNER),
    _to_visitor(
        "advisor-switched",
        _l("Iemand krijgt een andere vaste adviseur"),
        Place("adviseur", "advisor", _l("de nieuwe adviseur")),
        Place("vorige", "before", _l("de vorige adviseur")),
        parts=(),
        advisor=samples.ADVISOR,
        before=samples.COLLEAGUE,
    ),
    _to_visitor("own-data-link", _l("Iemand vraagt de eigen gegevens op")),
]
DESK = [
    _to_colleague("enquiry-assigned", _l("Een adviseur krijgt een vraag"), NUMBER),
    _to_colleague("enquiry-extended", _l("De vrager voegt iets toe"), NUMBER),
    _to_colleague("enquiry-urgent", _l("Een vraag heeft haast"), NUMBER),
    _to_colleague("enquiry-taken", _l("Een collega pakt de vraag op"), NUMBER, COLLEAGUE, parts=(BUTTON,)),
    _to_colleague("enquiry-due-soon", _l("Een vraag moet bijna beantwoord zijn"), NUMBER, called="name"),
    _to_colleague("enquiry-overdue", _l("Een vraag is te laat"), NUMBER, called="name"),
    _to_colleague("enquiry-nobody", _l("Een vraag is van niemand"), NUMBER, called="name"),
    _to_colleague(
        "answer-not-sent",
        _l("Een antwoord per mail is niet verstuurd"),
        NUMBER,
        called="name",
        languages=BOTH,
    ),
    _to_colleague(
        "mail-bounced", _l("Een mail komt niet aan"), NUMBER, called="name", parts=(BUTTON,), languages=BOTH
    ),
    _to_colleague("desk-digest", _l("Elke werkdag om acht uur")),
    _to_colleague(
        "account-invited", _l("Een collega krijgt een account"), called="", parts=(BUTTON,), languages=BOTH
    ),
    _to_colleague(
        "account-reset",
        _l("Een collega kiest een nieuw wachtwoord"),
        called="",
        parts=(BUTTON,),
        languages=BOTH,
    ),
]
