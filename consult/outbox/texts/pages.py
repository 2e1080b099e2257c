"""The texts that a page says itself: above the form for a question, and when something was received."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from consult.outbox.texts import samples
from consult.outbox.texts.kinds import FirmText, Journey, Place, Receiver
from consult.outbox.texts.questions import NUMBER, PROMISE
from consult.outbox.texts.talks import ADVISOR, FIRM, MOMENT

QUESTION_INTRO = "page-question-intro"
ARTICLE_INTRO = "page-question-intro-article"
QUESTION_RECEIVED = "page-question-received"
TALK_CONFIRMED = "page-booking-confirmed"
SIGNED_UP = "page-seat-signed-up"

PAGES = [
    FirmText(
        key=QUESTION_INTRO,
        journey=Journey.QUESTION,
        when=_l("Op de pagina, boven het formulier"),
        receiver=Receiver.VISITOR,
        places=FIRM,
        default="{{ _('Een van onze adviseurs neemt contact met u op. Sparren mag ook.') }}",
    ),
    FirmText(
        key=ARTICLE_INTRO,
        journey=Journey.QUESTION,
        when=_l("Op de pagina, boven het formulier bij een artikel"),
        receiver=Receiver.VISITOR,
        places=(Place("pagina", "page", _l("de titel van het artikel")), *FIRM),
        sample={"page": "Polarisatie in de wijk"},
        default="{{ _('U leest “%(page)s”. Wat wilt u ons vragen?', page=page) }}",
    ),
    FirmText(
        key=QUESTION_RECEIVED,
        journey=Journey.QUESTION,
        when=_l("Op de pagina, na het versturen"),
        receiver=Receiver.VISITOR,
        places=(PROMISE, NUMBER, *FIRM),
        needed=frozenset({"belofte"}),
        sample=samples.QUESTION,
        default=f"{{{{ {PROMISE.value} }}}}",
    ),
    FirmText(
        key=TALK_CONFIRMED,
        journey=Journey.TALK,
        when=_l("Op de pagina, na het plannen"),
        receiver=Receiver.VISITOR,
        places=(Place("adres", "address", _l("het mailadres van de bezoeker")), ADVISOR, MOMENT, *FIRM),
        sample={**samples.TALK, "address": "sanne@gemeente.example"},
        default="{{ _('U krijgt een uitnodiging op %(address)s.', address=address) }}",
    ),
    FirmText(
        key=SIGNED_UP,
        journey=Journey.GROUP,
        when=_l("Op de pagina, na het aanmelden"),
        receiver=Receiver.VISITOR,
        places=(Place("bijeenkomst", "title", _l("de naam van de bijeenkomst")), *FIRM),
        sample=samples.SEAT,
        default=(
            "{{ _('U krijgt een mail met een link naar uw eigen pagina. Daar kunt u zich ook afmelden.') }}"
        ),
    ),
]
