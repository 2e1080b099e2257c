"""What a visitor has chosen so far, read from the address: with whom, what kind of talk, from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import abort, url_for
from sqlalchemy import select

from consult.booking.holds import read_key
from consult.booking.hosts import candidates, held_with, in_words
from consult.booking.instead import in_place_of
from consult.booking.models import MeetingType, Place
from consult.booking.neighbours import FromEnquiry, FromPage, neighbours
from consult.booking.offering import Wish, advisor_names
from consult.booking.placing import NewBooking
from consult.booking.services import active_meeting_types
from consult.booking.taking import hold_hash
from consult.people.services import active_topics, advisor_by_slug
from consult.web import current

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consult.availability import Slot
    from consult.booking.forms import BookingForm
    from consult.booking.placing import SlotTaken
    from consult.database import DbSession
    from consult.people.models import Advisor, Topic

KEPT_IN_ADDRESS = ("soort", "pagina", "thema", "vraag", "haast", "reeks", "dagdeel", "vanaf", "dag")


@dataclass(frozen=True, slots=True)
class Choice:
    """The choices, and everything that follows from them."""

    meeting_type: MeetingType
    meeting_types: Sequence[MeetingType]
    advisor: Advisor | None
    advisor_ids: tuple[int, ...]
    page: FromPage | None
    enquiry: FromEnquiry | None
    topics: Sequence[Topic]
    kept: dict[str, str]
    hold: str | None
    together: str = ""
    asked: str | None = None

    @property
    def is_possible(self) -> bool:
        """Whether the kind of talk that was asked for exists, and can be had with the advisor who is named."""
        return self.asked in {None, self.meeting_type.slug} and self.meeting_type in self.meeting_types

    @property
    def is_urgent(self) -> bool:
        """Whether no notice is asked: only of who comes from a question of one's own that has haste."""
        return "haast" in self.kept and self.enquiry is not None and self.enquiry.urgent

    @property
    def in_series(self) -> bool:
        """Whether this is to be the first talk of several."""
        return "reeks" in self.kept and self.meeting_type.may_repeat

    @property
    def series_url(self) -> str | None:
        """Where a visitor who wants to talk every month begins; None when no kind of talk allows it."""
        kind = next((each for each in (self.meeting_type, *self.meeting_types) if each.may_repeat), None)
        return self.url(soort=kind.slug, reeks=1, vanaf=None) if kind else None

    @property
    def length(self) -> timedelta:
        """How long the talk takes."""
        return timedelta(minutes=self.meeting_type.minutes)

    @property
    def wish(self) -> Wish:
        """What to look for."""
        held = hold_hash(self.hold) if self.hold else None
        return Wish(
            self.meeting_type,
            self.advisor_ids,
            current.settings().timezone,
            together=bool(self.meeting_type.host_ids),
            urgent=self.is_urgent,
            own_hold=held,
        )

    def url(self, **changes: Any) -> str:
        """This choice as an address, with some of it changed; a change to None leaves it out.

        Another date to begin at leaves the one day that was looked at.
        """
        if "vanaf" in changes:
            changes = {"dag": None} | changes
        return url_for("booking.plan", **self._address() | changes)

    @property
    def keep_url(self) -> str:
        """Where a moment that is chosen is sent, to be kept while the visitor fills in the rest."""
        return url_for("booking.keep", **self._address() | self._this_kind)

    @property
    def book_url(self) -> str:
        """Where the rest is sent. It names the kind of talk, so that another one never takes its place unsaid."""
        return self.url(**self._this_kind)

    @property
    def _this_kind(self) -> dict[str, str]:
        return {"soort": self.meeting_type.slug}

    def _address(self) -> dict[str, Any]:
        slug = self.advisor.slug if self.advisor else None
        return {"advisor": slug, **self.kept, "hold": self.hold}

    def in_place_of(
        self, session: DbSession, wanted: datetime, taken: SlotTaken, *, now: datetime
    ) -> tuple[Slot, ...]:
        """What there is in place of a moment: first the same one with a colleague of who was named."""
        page_ids = self.page.advisor_ids if self.page else ()
        return in_place_of(session, self.wish, wanted, taken, page_ids=page_ids, now=now)

    def known(self) -> dict[str, str | None]:
        """What the visitor need not type again."""
        if self.enquiry is None:
            return {}
        return {"name": self.enquiry.name, "email": self.enquiry.email, "phone": self.enquiry.phone}

    def booking(self, form: BookingForm, starts_at: datetime) -> NewBooking:
        """The booking that a validated form asks for."""
        topic = next((each for each in self.topics if each.slug == form.topic.data), None)
        return NewBooking(
            form_key=form.form_key,
            meeting_type=self.meeting_type,
            advisor_ids=self.advisor_ids,
            starts_at=starts_at,
            place=Place(form.place.data),
            name=form.name.data,
            email=form.email.data,
            phone=form.phone.data or None,
            location=form.location.data or None,
            note=form.note.data or None,
            topic_id=topic.id if topic else (self.enquiry.topic_id if self.enquiry else None),
            page_id=self.page.id if self.page else (self.enquiry.page_id if self.enquiry else None),
            enquiry_id=self.enquiry.id if self.enquiry else None,
            language=current.language(),
            guests=form.guest_addresses,
            urgent=self.is_urgent,
            hold_key=self.hold,
            pot=form.website.data or None,
        )


def read_choice(session: DbSession, slug: str | None, args: Mapping[str, str], *, now: datetime) -> Choice:
    """The choice that an address names; an unknown advisor is a page that does not exist, the rest is ignored."""
    advisor = advisor_by_slug(session, slug) if slug else None
    if slug and advisor is None:
        abort(404)
    kinds = active_meeting_types(session)
    if not kinds:
        abort(404)
    page = neighbours().find_page(session, args["pagina"]) if args.get("pagina") else None
    enquiry = neighbours().find_enquiry(session, args["vraag"], now) if args.get("vraag") else None
    topics = active_topics(session)
    topic = next((each for each in topics if each.slug == args.get("thema")), None)
    shown = held_with(kinds, advisor.id if advisor else None) or kinds
    chosen = next((kind for kind in kinds if kind.slug == args.get("soort")), shown[0])
    ids = candidates(
        session,
        chosen,
        named=advisor.id if advisor else None,
        page_ids=page.advisor_ids if page else (),
        topic_id=topic.id if topic else None,
    )
    names = advisor_names(session, ids) if len(chosen.host_ids) > 1 else {}
    kept = {name: args[name] for name in KEPT_IN_ADDRESS if args.get(name)}
    together = in_words([names[each] for each in ids if each in names], current.language())
    asked = kept.get("soort")
    if asked:
        kept["soort"] = chosen.slug
    hold = read_key(args.get("hold"))
    return Choice(chosen, shown, advisor, ids, page, enquiry, topics, kept, hold, together, asked)


def was_withdrawn(session: DbSession, args: Mapping[str, str]) -> bool:
    """Whether the kind of talk that an address asks for was on offer once, and is not any more."""
    known = select(MeetingType.id).where(MeetingType.slug == args.get("soort"), ~MeetingType.active)
    return session.scalar(known) is not None
