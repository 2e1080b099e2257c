"""The texts of mails about a talk, a series of talks and a group session; each receiver has one of their own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from consult.outbox.texts import samples
from consult.outbox.texts.kinds import FirmText, Journey, Part, Place, Receiver

if TYPE_CHECKING:
    from collections.abc import Mapping

V, G, C = Receiver.VISITOR, Receiver.GUEST, Receiver.COLLEAGUE
ROLES = {V: "role == 'visitor'", G: "role == 'guest'", C: "role in ('advisor', 'host')"}
FIRM = (
    Place("bureau", "firm.name", _l("de naam van uw bureau")),
    Place("telefoon", "firm.phone", _l("het telefoonnummer van uw bureau")),
)
NAME = Place("naam", "name", _l("de naam van wie de mail krijgt"), in_subject=False)
VISITOR = Place("bezoeker", "visitor", _l("de naam van de bezoeker"), in_subject=False)
ADVISOR = Place("adviseur", "other", _l("de naam van de adviseur"))
WHERE = Place("plaats", "place", _l("waar het is"), in_subject=False)
DAY = Place("dag", "starts_at | day", _l("de dag"))
MOMENT = Place("moment", "(starts_at, ends_at) | moment", _l("de dag en de tijd"))
PROPOSED = Place("voorstel", "moment | moment", _l("het moment dat is voorgesteld"))
PROPOSED_DAY = Place("voorsteldag", "moment[0] | day", _l("de dag die is voorgesteld"))
FACTS = Part("gegevens", "facts", _l("wanneer, met wie en waar"))
BUTTON = Part("knop", "button", _l("de knop met de link"))

_TALK = (DAY, MOMENT, WHERE, Place("nummer", "reference", _l("het nummer van de afspraak")))
_OF_TALK = {
    V: (NAME, ADVISOR, *_TALK, *FIRM),
    G: (VISITOR, ADVISOR, *_TALK, *FIRM),
    C: (NAME, VISITOR, *_TALK, *FIRM),
}
_RHYTHM = (
    Place("ritme", "rhythm", _l("hoe vaak")),
    Place("einde", "until_at | day", _l("de laatste dag van de reeks")),
    WHERE,
)
_OF_SERIES = {
    V: (NAME, ADVISOR, *_RHYTHM, *FIRM),
    G: (VISITOR, ADVISOR, *_RHYTHM, *FIRM),
    C: (NAME, VISITOR, *_RHYTHM, *FIRM),
}
_TITLE = Place("bijeenkomst", "title", _l("de naam van de bijeenkomst"))
_OF_SEAT = (NAME, _TITLE, DAY, MOMENT, WHERE, *FIRM)


def _as(receiver: Receiver, sample: Mapping[str, Any]) -> dict[str, Any]:
    """The sample as this receiver gets it."""
    told: dict[Receiver, dict[str, Any]] = {
        V: {"role": "visitor"},
        G: {"role": "guest", "link": None, "name": "bas@gemeente.example"},
        C: {"role": "advisor", "name": samples.FIRST_NAME, "other": samples.VISITOR},
    }
    return {**sample, **told[receiver]}


def _each(
    journey: Journey,
    of: Mapping[Receiver, tuple[Place, ...]],
    sample: Mapping[str, Any],
    event: str,
    when: Any,
    *receivers: Receiver,
    also: tuple[Place, ...] = (),
    **changed: Any,
) -> list[FirmText]:
    """A text for each of the receivers, who may name what is ``of`` them and ``also`` this."""
    return [
        FirmText(
            key=f"{event}.{receiver}",
            event=event,
            journey=journey,
            when=when,
            receiver=receiver,
            applies=ROLES[receiver],
            places=(*of[receiver], *also),
            parts=(FACTS,) if receiver == G else (FACTS, BUTTON),
            sample=_as(receiver, sample) | changed,
        )
        for receiver in receivers
    ]


_talk = partial(_each, Journey.TALK, _OF_TALK, samples.TALK)
_series = partial(_each, Journey.SERIES, _OF_SERIES, samples.SERIES)


def _seat(
    key: str,
    when: Any,
    applies: str = "not for_host",
    also: tuple[Place, ...] = (),
    **changed: Any,
) -> FirmText:
    receiver = C if changed.get("for_host") else V
    own_name = {"name": samples.FIRST_NAME} if receiver == C else {}
    return FirmText(
        key=f"{key}.{receiver}",
        event="-".join(key.split("-")[:2]),
        journey=Journey.GROUP,
        when=when,
        receiver=receiver,
        applies=applies,
        places=(*_OF_SEAT, *also),
        parts=(FACTS, BUTTON),
        sample=samples.SEAT | own_name | changed,
    )


def _planned() -> list[FirmText]:
    """A talk that a colleague planned for the visitor, before the one that a visitor planned."""
    by = Place("collega", "planned_by", _l("wie het gesprek plande"))
    (text,) = _talk("booking-confirmed", _l("Een collega plant een gesprek"), V, also=(by,))
    return [
        FirmText(
            key="booking-confirmed-by.visitor",
            event="booking-confirmed",
            journey=text.journey,
            when=text.when,
            receiver=V,
            applies=f"{text.applies} and planned_by",
            places=text.places,
            parts=text.parts,
            sample={**text.sample, "planned_by": samples.COLLEAGUE},
        )
    ]


_BY = Place("uiterlijk", "answer_by | day", _l("de dag waarop het uiterlijk duidelijk is"))
_FIRST = Place("begin", "(dates | first | first) | day", _l("de dag van het eerste gesprek"))
_UNTIL = Place("tot", "offered_until", _l("tot wanneer de plaats vaststaat"))

TALKS = [
    *_planned(),
    *_talk("booking-confirmed", _l("Een gesprek is gepland"), V, G, C),
    *_talk("booking-requested", _l("Een gesprek is aangevraagd"), V, C, also=(_BY,)),
    *_talk("booking-reminder", _l("Het gesprek is binnenkort"), V, G),
    *_talk("booking-moved", _l("Een gesprek is verzet"), V, G, C),
    *_talk("booking-place-changed", _l("De plaats is veranderd"), V, G, C),
    *_talk("booking-handed-over", _l("Een andere adviseur doet het gesprek"), V, G),
    *_talk("booking-handed-over", _l("Een collega draagt een gesprek over"), C, took_over=True),
    *_talk("booking-passed-on", _l("Een gesprek gaat naar een collega"), C),
    *_talk("booking-cancelled", _l("Een gesprek is afgezegd"), V, G, C),
    *_talk("booking-declined", _l("De adviseur wijst een aanvraag af"), V),
    *_talk("booking-released", _l("Niemand bevestigt een aanvraag op tijd"), V, C),
    *_talk("booking-proposed", _l("Iemand stelt een ander moment voor"), C, also=(PROPOSED, PROPOSED_DAY)),
    *_talk("booking-proposal-declined", _l("Een voorstel is afgewezen"), V, also=(PROPOSED, PROPOSED_DAY)),
    *_talk(
        "booking-guest-proposed", _l("Een gast stelt een ander moment voor"), G, also=(PROPOSED, PROPOSED_DAY)
    ),
    *_talk("booking-message", _l("Er is een bericht bij een gesprek"), C),
    *_talk("booking-clash", _l("De eigen agenda is bezet"), C),
    *_talk("invite-declined", _l("Iemand wijst de uitnodiging af"), C),
    *_talk("booking-resent", _l("Een agenda vraagt het gesprek opnieuw"), V, G, C),
]
SERIES = [
    *_series("series-planned", _l("Een reeks gesprekken is gepland"), V, G, C, also=(_FIRST,)),
    *_series("series-extended", _l("Een reeks gaat langer door"), V, G, C),
    *_series("series-ending", _l("Een reeks stopt bijna"), V),
    *_series("series-ended", _l("Een reeks stopt eerder"), V, G, C),
    *_series("series-cancelled", _l("Een reeks is afgezegd"), V, G, C, dates=[]),
    *_series("series-resent", _l("Een agenda vraagt de reeks opnieuw"), V, G, C),
]
GROUPS = [
    _seat("seat-confirmed", _l("Iemand heeft een plaats")),
    _seat("seat-waiting", _l("Iemand staat op de wachtlijst"), state="waiting"),
    _seat("seat-offered", _l("Er komt een plaats vrij"), also=(_UNTIL,), state="offered"),
    _seat("seat-expired", _l("De plaats gaat naar de volgende"), "state == 'waiting'", state="waiting"),
    _seat("seat-expired-last", _l("Er is drie keer niet gekozen"), "state != 'waiting'", state="expired"),
    _seat("seat-known", _l("Iemand meldt zich nog eens aan"), "state == 'confirmed'"),
    _seat("seat-moved", _l("De bijeenkomst is verzet"), "not for_host and state == 'confirmed'"),
    _seat(
        "seat-moved-waiting",
        _l("De bijeenkomst is verzet, voor de wachtlijst"),
        "not for_host and state != 'confirmed'",
        state="waiting",
    ),
    _seat("seat-moved-host", _l("De bijeenkomst is verzet"), "for_host", for_host=True),
    _seat("seat-changed", _l("De bijeenkomst is veranderd"), "not for_host and state == 'confirmed'"),
    _seat(
        "seat-changed-waiting",
        _l("De bijeenkomst is veranderd, voor de wachtlijst"),
        "not for_host and state != 'confirmed'",
        state="waiting",
    ),
    _seat("seat-changed-host", _l("De bijeenkomst is veranderd"), "for_host", for_host=True),
    _seat("seat-cancelled", _l("Iemand meldt zich af"), "not for_host and not called_off"),
    _seat("seat-cancelled-off", _l("De bijeenkomst gaat niet door"), "called_off", called_off=True),
    _seat(
        "seat-cancelled-host",
        _l("Een collega neemt de bijeenkomst over"),
        "for_host and not called_off",
        for_host=True,
    ),
    _seat("seat-handout", _l("De hand-out, na afloop")),
    _seat("seat-clash", _l("De eigen agenda is bezet"), "for_host", for_host=True),
    _seat("seat-host", _l("Een adviseur gaat de bijeenkomst leiden"), "for_host", for_host=True),
]
