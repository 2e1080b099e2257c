"""An advisor's day in a browser, with scripts and without: promises, threads, calls, the agenda, hours, absence."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from consult import clock
from consult.booking.models import Booking, MeetingType
from consult.contact.models import CallAttempt, Channel, Enquiry, Message
from consult.people.accounts import RoleName
from consult.people.models import Advisor
from consult.people.signin import create_account
from tests.e2e.conftest import PASSWORD, transaction
from tests.e2e.test_desk_by_hand import sign_in
from tests.support import rows
from tests.support.browser import watched_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.browser import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.proof]

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture(params=["page", "plain_page"], ids=["with scripts", "without"])
def desk(request: pytest.FixtureRequest) -> Page:
    """Rik's browser, signed in."""
    page: Page = request.getfixturevalue(request.param)
    sign_in(page)
    return page


@pytest.fixture
def ask(live_server: LiveServer) -> Ask:
    """Let somebody ask Rik something."""
    return Ask(live_server)


class Ask:
    """Questions and talks of visitors, for Rik."""

    def __init__(self, server: LiveServer) -> None:
        """At this firm."""
        self.server = server

    def __call__(self, question: str = "Hoe begin ik een wijkgesprek?", **params: object) -> str:
        """A question came in; gives its number."""
        with transaction(self.server) as session:
            rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
            settings = self.server.app.extensions["consult"]
            asked = rows.ask(
                session, settings, now=clock.now(), advisor_id=rik.id, question=question, **params
            )
            return asked.enquiry.reference

    def talk(self, at: datetime) -> str:
        """A talk was planned; gives its number."""
        with transaction(self.server) as session:
            rik = session.scalars(select(Advisor).where(Advisor.slug == "rik")).one()
            kind = session.scalars(select(MeetingType).order_by(MeetingType.position)).first()
            assert kind is not None
            return rows.book(
                session, self.server.app.extensions["consult"], kind, [rik], at, now=clock.now()
            ).booking.reference


def noon(days: int) -> datetime:
    return datetime.combine((clock.now() + timedelta(days=days)).date(), time(12), ZONE)


def unfold(page: Page, words: str) -> None:
    """Open what is folded in under these words."""
    page.locator("summary", has_text=words).first.click()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()


def test_vandaag_shows_what_is_promised_and_leads_there(desk: Page, ask: Ask) -> None:
    ask("Een gewone vraag.")
    ask("Bel mij.", name="Piet Bel", channel=Channel.PHONE, phone="+31612345678", email=None)
    desk.goto("/werkplek/")
    titles = desk.locator("main h2").all_inner_texts()
    assert [title.split()[0] for title in titles] == ["Vragen", "Terugbellen"]
    desk.get_by_role("link", name="Piet Bel").click()
    desk.get_by_role("heading", name="Vraag van Piet Bel").wait_for()
    assert desk.get_by_role("link", name="Bel 06").first.get_attribute("href") == "tel:+31612345678"
    press(desk, "Geen gehoor")
    desk.get_by_text("1 keer gebeld").wait_for()
    desk.get_by_label("Wat is besproken?").fill("Wij beginnen klein.")
    press(desk, "Gesproken")
    desk.get_by_text("Wij beginnen klein.").wait_for()
    with transaction(ask.server) as session:
        assert list(session.scalars(select(CallAttempt.result).order_by(CallAttempt.id))) == [
            "no_answer",
            "spoke",
        ]


def test_a_question_is_answered_with_a_saved_text_after_a_look_and_taken_back(desk: Page, ask: Ask) -> None:
    reference = ask()
    desk.goto("/werkplek/teksten/nieuw")
    desk.get_by_label("Naam van de tekst").fill("Dank")
    desk.get_by_label("Tekst", exact=True).fill("Dank voor uw vraag.")
    press(desk, "Bewaar de tekst")
    desk.goto(f"/werkplek/vragen/{reference}")
    press(desk, "Voeg in")
    assert desk.get_by_label("Uw antwoord").input_value() == "Dank voor uw vraag."
    press(desk, "Bekijk vooraf")
    desk.get_by_role("heading", name="Zo leest Joke Jansen uw antwoord").wait_for()
    assert "Dank voor uw vraag." in desk.locator(".letter").inner_text()
    press(desk, "Terug naar schrijven")
    assert desk.get_by_label("Uw antwoord").input_value() == "Dank voor uw vraag."
    press(desk, "Verstuur het antwoord")
    press(desk, "Haal het antwoord terug")
    assert desk.get_by_label("Uw antwoord").input_value() == "Dank voor uw vraag."
    with transaction(ask.server) as session:
        assert session.scalars(select(Message)).all() == []


def test_the_pile_is_kept_in_order_and_each_act_can_be_undone(desk: Page, ask: Ask) -> None:
    older, newer = ask("De eerste vraag."), ask("Nog eens hetzelfde.")
    desk.goto("/werkplek/vragen?weergave=alles&zoek=hetzelfde")
    desk.get_by_role("link", name="Joke Jansen").click()
    unfold(desk, "Voeg samen")
    desk.get_by_label("Samen met").select_option(older)
    press(desk, "Voeg samen")
    desk.get_by_text(f"Vraag {newer} is hierin opgegaan.").wait_for()
    press(desk, "Maak ongedaan")
    desk.wait_for_url(f"**/{newer}")
    press(desk, "Zet bij spam")
    press(desk, "Dit is geen spam")
    unfold(desk, "Stel uit")
    desk.locator("#uitstellen .buttons button").first.click()
    press(desk, "Toon de vraag weer")
    unfold(desk, "Maak")
    desk.get_by_label("Welke tekst moet weg?").fill("hetzelfde")
    press(desk, "Maak onleesbaar")
    desk.get_by_text("[weggelaten]").first.wait_for()
    unfold(desk, "Draag over")
    desk.get_by_label("Collega of team").select_option(label="Mirte Smit")
    desk.get_by_label("Reden", exact=True).fill("Verlof")
    desk.get_by_label("Wat moet uw collega weten?").fill("Alles staat erin.")
    press(desk, "Draag over")
    desk.get_by_text("Deze vraag is van Mirte Smit.").wait_for()
    desk.goto("/werkplek/vragen")
    desk.locator(".inbox input[type=checkbox]").first.check()
    press(desk, "Rond af")
    desk.locator(".notice.good").wait_for()
    with transaction(ask.server) as session:
        states = dict(session.execute(select(Enquiry.reference, Enquiry.state)).all())
    assert states == {older: "closed", newer: "open"}


def test_a_talk_is_planned_moved_and_called_off_with_the_mail_read_first(desk: Page, ask: Ask) -> None:
    day = noon(3)
    desk.goto(f"/werkplek/agenda?dag={day:%Y-%m-%d}")
    desk.get_by_role("link", name="Plan een gesprek").first.click()
    unfold(desk, "Kies zelf een dag en tijd")
    desk.get_by_label("Dag", exact=True).fill(f"{day:%Y-%m-%d}")
    desk.get_by_label("Tijd", exact=True).fill("12:00")
    desk.get_by_label("Naam", exact=True).fill("Ans Bos")
    desk.get_by_label("E-mailadres", exact=True).fill("ans@gemeente.example")
    desk.get_by_label("online").check()
    press(desk, "Bekijk eerst de mail")
    press(desk, "Nee, ga terug")
    assert desk.get_by_label("Naam", exact=True).input_value() == "Ans Bos"
    press(desk, "Bekijk eerst de mail")
    press(desk, "Ja, plan het gesprek")
    desk.get_by_role("heading", name="Gesprek met Ans Bos").wait_for()
    desk.get_by_role("link", name="Verzet de afspraak").click()
    desk.locator(".chip").first.click()
    press(desk, "Bekijk eerst de mail")
    press(desk, "Ja, verzet de afspraak")
    unfold(desk, "Zeg de afspraak af")
    desk.get_by_label("Reden").last.fill("Ziek")
    press(desk, "Ja, zeg de afspraak af")
    desk.get_by_text("Deze afspraak is afgezegd.").wait_for()
    for shape, words in (("dag", "Uw agenda"), ("week", "Uw agenda"), ("lijst", "Uw agenda")):
        desk.goto(f"/werkplek/agenda?weergave={shape}&dag={day:%Y-%m-%d}")
        assert desk.get_by_role("heading", name=words).is_visible()
    with transaction(ask.server) as session:
        assert list(session.scalars(select(Booking.state))) == ["cancelled"]


def test_hours_are_tried_before_they_are_kept_and_a_moment_says_why_not(desk: Page) -> None:
    desk.goto("/werkplek/werktijden")
    shown = desk.locator("#voorbeeld")
    before = shown.inner_text()
    unfold(desk, "Meer rust")
    desk.get_by_label("Hoogstens vooruit, in dagen").fill("2")
    press(desk, "Toon voorbeeld")
    desk.get_by_text("Nog niet bewaard.").wait_for()
    assert shown.inner_text() != before
    press(desk, "Bewaar")
    desk.get_by_text("Uw werktijden zijn bewaard.").wait_for()
    far = noon(10)
    desk.goto(f"/werkplek/moment?soort=sparren&op={far:%Y-%m-%dT%H:%M}")
    desk.get_by_text("Dit is te ver vooruit.").wait_for()


def test_an_absence_shows_what_it_hits_and_hands_it_over_in_one_step(desk: Page, ask: Ask) -> None:
    ask.talk(noon(4))
    desk.goto("/werkplek/afwezig")
    desk.get_by_label("Eerste dag").fill(f"{noon(3):%Y-%m-%d}")
    desk.get_by_label("Laatste dag").fill(f"{noon(5):%Y-%m-%d}")
    desk.get_by_label("Wie neemt waar?").select_option(label="Mirte Smit")
    press(desk, "Plan de afwezigheid")
    desk.get_by_role("heading", name="Gesprekken in deze tijd").wait_for()
    press(desk, "Draag alles over aan Mirte")
    desk.get_by_text("Alles is overgedragen.").wait_for()
    desk.goto("/p/polarisatie")
    with transaction(ask.server) as session:
        booking = session.scalars(select(Booking)).one()
        assert booking.advisor.slug == "mirte"


def test_hours_show_what_a_visitor_sees_while_they_are_typed(page: Page) -> None:
    sign_in(page)
    page.goto("/werkplek/werktijden")
    page.locator("summary", has_text="Meer rust").click()
    page.get_by_label("Hoogstens vooruit, in dagen").fill("2")
    days = page.locator("#voorbeeld p > strong")
    expect(days).not_to_have_count(7)
    for day in page.locator(".week-day").all():
        day.locator("summary").first.click()
    for field in page.locator("input[type=time]").all():
        if field.is_visible():
            field.fill("")
    page.get_by_text("De eerste drie weken is er geen moment.").wait_for()
    assert {line.inner_text() for line in page.locator(".week-day summary .meta").all()} == {"werkt niet"}
    page.locator("#voorbeeld").get_by_text("Er zijn geen werktijden.").first.wait_for()
    page.goto("/werkplek/werktijden")
    assert page.locator("input[type=time]").first.input_value() == "07:00"


@pytest.fixture
def mirte(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Mirte, who coordinates, in a browser of her own."""
    with transaction(live_server) as session:
        roles = {RoleName.ADVISOR, RoleName.COORDINATOR}
        account = create_account(session, "mirte@bureau.example", PASSWORD, roles, now=clock.now())
        session.scalars(select(Advisor).where(Advisor.slug == "mirte")).one().account_id = account.id
    context = browser.new_context(
        base_url=live_server.url, locale="nl-NL", viewport={"width": 1280, "height": 900}
    )
    try:
        with watched_page(context) as page:
            page.goto("/inloggen?next=/werkplek/")
            page.get_by_label("E-mailadres").fill("mirte@bureau.example")
            page.get_by_label("Wachtwoord").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.get_by_role("heading", name="Vandaag", level=1).wait_for()
            yield page
    finally:
        context.close()


def test_two_advisors_at_one_thread_see_each_other_and_never_answer_twice(
    page: Page, mirte: Page, ask: Ask
) -> None:
    address = f"/werkplek/vragen/{ask()}"
    sign_in(page)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    mirte.goto(address)
    mirte.get_by_text("Rik de Wit heeft deze vraag ook open.").wait_for()
    page.get_by_label("Uw antwoord").fill("Begin klein.")
    mirte.get_by_label("Uw antwoord").fill("Begin groot.")
    mirte.get_by_role("button", name="Verstuur het antwoord").click()
    mirte.get_by_text("Begin groot.").first.wait_for()
    page.get_by_role("button", name="Verstuur het antwoord").click()
    page.get_by_text("Er kwam iets bij terwijl u schreef.").wait_for()
    assert page.get_by_label("Uw antwoord").input_value() == "Begin klein."
    assert page.get_by_text("Begin groot.").first.is_visible()
    with transaction(ask.server) as session:
        assert list(session.scalars(select(Message.body))) == ["Begin groot."]
