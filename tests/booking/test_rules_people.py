"""Who may plan what: guests, limits per visitor, haste, colleagues who plan; and what is said afterwards."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from consult.booking import aftermath, emails, services
from consult.booking.aftermath import Aftermath, NotYet
from consult.booking.models import Invitation, InviteeRole, MeetingType, Outcome
from consult.booking.placing import SlotTaken, TooMany
from consult.people.holidays import switch_holiday
from tests.booking.acts import VISITOR, details, instant, moments, own_address
from tests.booking.scene import DAY, HOUR, JOKE, RIK, TEN, calendars, words
from tests.support import rows

if TYPE_CHECKING:
    from tests.booking.scene import Scene
    from tests.support.apps import Transaction
    from tests.support.pages import Visitor

PIET, ANNE = "piet@gemeente.example", "anne@gemeente.example"


def test_each_guest_gets_a_mail_that_names_no_other_and_manages_nothing(scene: Scene) -> None:
    booking = scene.book(guests=(PIET, ANNE))
    told = scene.news()["booking-confirmed"]
    assert set(told) == {JOKE, RIK, PIET, ANNE}
    for guest, other in ((PIET, ANNE), (ANNE, PIET)):
        assert calendars(told[guest]) == ["REQUEST"]
        assert other not in told[guest].as_string()
        assert "/a/" not in words(told[guest])
        assert "Joke Jansen nodigt u uit voor een gesprek." in words(told[guest])
    tokens = [each.reply_token for each in booking.invitations]
    assert len(set(tokens)) == 4


def test_guests_hear_when_the_talk_is_moved_or_cancelled(scene: Scene) -> None:
    booking = scene.book(guests=(PIET,))
    scene.news()
    services.move(scene.session, booking, TEN + HOUR, actor=services.VISITOR, **scene.when)
    assert calendars(scene.news()["booking-moved"][PIET]) == ["REQUEST"]
    services.cancel(scene.session, booking, reason=None, actor=services.VISITOR, **scene.when)
    assert calendars(scene.news()["booking-cancelled"][PIET]) == ["CANCEL"]


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("piet", "Dit e-mailadres klopt niet: piet"),
        ("a@b.example\nc@d", "Dit e-mailadres klopt niet: c@d"),
        (" ".join(f"p{number}@gemeente.nl" for number in range(6)), "Nodig ten hoogste 5 collega’s uit."),
    ],
)
def test_an_address_that_is_none_is_told(visitor: Visitor, typed: str, said: str) -> None:
    form = details(visitor).fill({"E-mailadressen van collega’s": typed})
    assert form.submit(status=422).errors["guests"] == said


@pytest.mark.usefixtures("firm")
def test_guests_are_read_as_people_type_them(visitor: Visitor, transaction: Transaction) -> None:
    typed = "piet@Gemeente.nl, anne@gemeente.nl;\nPIET@gemeente.nl joke@gemeente.nl"
    page = details(visitor).fill({"E-mailadressen van collega’s": typed}).submit()
    assert "piet@gemeente.nl, anne@gemeente.nl" in page.text.replace("PIET", "piet")
    with transaction() as session:
        guests = select(Invitation.address).where(Invitation.role == InviteeRole.GUEST)
        assert len(list(session.scalars(guests))) == 2, "each once, and the visitor is invited already"


def test_a_visitor_has_so_many_talks_open_and_no_more(scene: Scene) -> None:
    talks = [scene.book(TEN + number * HOUR) for number in range(3)]
    with pytest.raises(TooMany) as refused:
        scene.book(TEN + 5 * HOUR, email=JOKE.upper())
    assert refused.value.limit == 3
    scene.book(TEN + 4 * HOUR, email=PIET)
    services.cancel(scene.session, talks[0], reason=None, actor=services.VISITOR, **scene.when)
    scene.book(TEN + DAY)


def test_who_plans_anew_all_day_has_the_talk_and_no_fourth_mail(scene: Scene) -> None:
    for number in range(4):
        scene.news()
        talk = scene.book(TEN + number * HOUR, email=JOKE.upper() if number else JOKE, guests=(PIET,))
        told = scene.news()["booking-confirmed"]
        assert (len(told), RIK in told) == ((3, True) if number < 3 else (1, True)), number
        if number < 3:
            services.cancel(scene.session, talk, reason=None, actor=services.VISITOR, **scene.when)
    assert talk.state == "confirmed"
    assert emails.spared(scene.session, talk) == [JOKE.upper(), PIET]
    scene.book(TEN + 4 * HOUR, by_rik=True)
    assert JOKE in scene.news()["booking-confirmed"], "who is planned for by an advisor is told"
    scene.now += DAY + HOUR
    scene.book(TEN + DAY + 5 * HOUR)
    assert JOKE in scene.news()["booking-confirmed"], "the next day begins anew"


@pytest.mark.usefixtures("firm")
def test_the_page_says_whom_it_does_not_mail_and_what_to_do(visitor: Visitor) -> None:
    for number in range(3):
        page = details(visitor, f"2026-11-19T{12 + number}:00:00Z").fill({"guests": PIET}).submit()
        assert "Wij mailen" not in page.text
        visitor.open(f"{own_address(page)}/afzeggen").form("Ja, zeg de afspraak af").submit()
    page = details(visitor).fill({"guests": f"{PIET}, {ANNE}"}).submit()
    assert page.heading == "Uw afspraak staat"
    assert f"Wij mailen deze afspraak niet naar {VISITOR}." in page.text
    assert f"{PIET} krijgt geen uitnodiging." in page.text
    assert f"{ANNE} krijgt" not in page.text


def test_a_talk_that_is_over_is_not_open_any_more(scene: Scene) -> None:
    for number in range(3):
        scene.book(TEN + number * HOUR)
    scene.now = TEN + DAY
    scene.book(TEN + 5 * DAY)


@pytest.mark.usefixtures("firm")
def test_the_page_says_what_to_do_about_it_and_keeps_the_text(
    visitor: Visitor, transaction: Transaction
) -> None:
    with transaction() as session:
        session.execute(MeetingType.__table__.update().values(per_visitor=1))
    details(visitor).submit()
    again = details(visitor, "2026-11-19T12:00:00Z").fill({"note": "Over buurthuizen"}).submit(status=422)
    assert again.errors["email"] == "U heeft al 1 afspraak staan. Zeg die eerst af, of bel ons."
    assert again.form("Bevestig de afspraak").value("note") == "Over buurthuizen"


def test_a_colleague_who_plans_needs_no_notice_and_is_named_in_the_mail(scene: Scene) -> None:
    scene.kind.notice_minutes = 8 * 60
    with pytest.raises(SlotTaken):
        scene.book(scene.now + HOUR)
    for _number in range(4):
        scene.book(scene.now + (1 + _number) * HOUR, by_rik=True)
    told = scene.news()["booking-confirmed"]
    assert "Rik de Wit heeft dit gesprek voor u gepland." in words(told[JOKE])
    assert "voor u gepland" not in words(told[RIK])


def test_a_colleague_never_plans_over_another_talk(scene: Scene) -> None:
    scene.book()
    with pytest.raises(SlotTaken):
        scene.book(by_rik=True)


def test_haste_lifts_the_notice_and_nothing_else(scene: Scene) -> None:
    scene.kind.notice_minutes = 8 * 60
    scene.book(scene.now + HOUR, urgent=True)
    with pytest.raises(SlotTaken):
        scene.book(scene.now + HOUR, urgent=True)
    with pytest.raises(SlotTaken):
        scene.book(scene.now + 9 * HOUR, urgent=True)


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize(("urgent", "how", "today"), [(1, "haast=1", 1), (1, "", 0), (0, "haast=1", 0)])
def test_only_an_urgent_question_opens_the_lane_without_notice(
    visitor: Visitor, transaction: Transaction, settings: object, urgent: int, how: str, today: int
) -> None:
    with transaction() as session:
        session.execute(MeetingType.__table__.update().values(notice_minutes=8 * 60))
        asked = rows.ask(session, settings, urgent=bool(urgent), needs="Vandaag een gesprek")  # type: ignore[arg-type]  # (the settings)
    address = f"/afspraak/rik?vraag={asked.token}&{how}"
    assert (moments(visitor.open(address))[0][:10] == "2026-11-18") == today
    assert moments(visitor.open(f"/afspraak/rik?{how}"))[0][:10] > "2026-11-18"


def test_a_holiday_that_is_switched_off_is_offered_at_once(scene: Scene) -> None:
    christmas = instant("2026-12-25T09:00:00Z")
    scene.kind.horizon_days = 60
    with pytest.raises(SlotTaken):
        scene.book(christmas)
    switch_holiday(scene.session, "eerste-kerstdag", kept=False)
    talk = scene.book(christmas)
    services.cancel(scene.session, talk, reason=None, actor=services.VISITOR, **scene.when)
    switch_holiday(scene.session, "eerste-kerstdag", kept=True)
    with pytest.raises(SlotTaken):
        scene.book(christmas)
    with pytest.raises(ValueError, match="carnaval"):
        switch_holiday(scene.session, "carnaval", kept=False)


def test_after_the_talk_the_advisor_says_what_came_of_it(scene: Scene) -> None:
    booking = scene.book()
    came = Aftermath(
        outcome=Outcome.ATTENDED,
        text="Goed gesprek.",
        next_step="Stuur de hand-out",
        follow_up_on=date(2026, 12, 1),
    )
    with pytest.raises(NotYet):
        aftermath.record_outcome(scene.session, booking, came, actor=scene.actor, now=scene.now)
    for _twice in range(2):
        aftermath.record_outcome(scene.session, booking, came, actor=scene.actor, now=TEN + HOUR)
    assert (booking.outcome, booking.outcome_text, booking.next_step) == (
        "attended",
        "Goed gesprek.",
        "Stuur de hand-out",
    )
    assert booking.follow_up_on == date(2026, 12, 1)
    missed = Aftermath(outcome=Outcome.NO_SHOW)
    aftermath.record_outcome(scene.session, booking, missed, actor=scene.actor, now=TEN + HOUR)
    assert (booking.outcome, booking.follow_up_on) == ("no_show", None)


def test_nothing_came_of_a_cancelled_talk(scene: Scene) -> None:
    booking = scene.book()
    services.cancel(scene.session, booking, reason=None, actor=services.VISITOR, **scene.when)
    missed = Aftermath(outcome=Outcome.NO_SHOW)
    with pytest.raises(NotYet):
        aftermath.record_outcome(scene.session, booking, missed, actor=scene.actor, now=TEN + HOUR)
