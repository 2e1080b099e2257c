"""Every figure of a fortnight that can be counted on fingers; the counts are written by hand beside the rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from consult.activity.services import record
from consult.booking.series.models import TalkSeries
from consult.contact.models import HandoutCount
from consult.statistics.areas import figures, of_area
from consult.statistics.figures import EVERYTHING, Area, Cut, CutKind, Period
from tests.statistics.house import Question, Talk, at, store
from tests.support import rows
from tests.support.rows import NOW

if TYPE_CHECKING:
    from consult.database import DbSession
    from consult.settings import Settings
    from consult.statistics.figures import Figure

pytestmark = pytest.mark.both_databases

# Monday 2 up to and including Sunday 15 November 2026; it is Wednesday the 18th.
FORTNIGHT = Period(date(2026, 11, 2), date(2026, 11, 15))
POLARISATIE, WEERBAARHEID = 1, 2
WITH_TOPIC, WITHOUT = 1, 2
RIK, MIRTE = 1, 2
UTRECHT, ZEIST, GRONINGEN = 1, 2, 3
JOKE, AD, EVA, PIM = 1, 2, 3, 4
SPARREN, KENNISMAKEN = 1, 2

# fmt: off
QUESTIONS = (
    # The evening before the period: only what Utrecht asked before.
    Question(id=1, asked=at("2026-11-01 23:59"), promised=at("2026-11-02 17:00"), organisation=UTRECHT, contact=PIM,
             advisor=RIK, answered=at("2026-11-02 09:00")),
    # Two working hours, on time.
    Question(id=2, asked=at("2026-11-02 10:00"), promised=at("2026-11-03 17:00"), topic=POLARISATIE, page=WITH_TOPIC,
             organisation=UTRECHT, contact=JOKE, advisor=RIK, answered=at("2026-11-02 12:00")),
    # An hour today and one tomorrow. The topic is that of the page. Joke had Rik, and so had Utrecht.
    Question(id=3, asked=at("2026-11-03 16:00"), promised=at("2026-11-04 17:00"), channel="phone", page=WITH_TOPIC,
             organisation=UTRECHT, contact=JOKE, advisor=MIRTE, answered=at("2026-11-04 10:00")),
    # Half an hour on Friday, half an hour on Monday.
    Question(id=4, asked=at("2026-11-06 16:30"), promised=at("2026-11-09 17:00"), topic=WEERBAARHEID, page=WITHOUT,
             organisation=ZEIST, contact=AD, advisor=MIRTE, answered=at("2026-11-09 09:30")),
    # All of Monday, with the break left out 7.5 hours; late, although a later promise was made since. Again Mirte.
    Question(id=5, asked=at("2026-11-07 12:00"), promised=at("2026-11-09 17:00"), channel="whatsapp",
             promised_after=at("2026-11-17 17:00"), topic=WEERBAARHEID, organisation=ZEIST, contact=AD, advisor=MIRTE,
             answered=at("2026-11-10 09:00")),
    # Still the first week, half an hour before Monday. No answer, and the promise is over.
    Question(id=6, asked=at("2026-11-08 23:30"), promised=at("2026-11-09 17:00"), state="open", topic=POLARISATIE,
             advisor=RIK),
    # The second week, though it is Sunday in UTC. Mirte for Rik, who is away: it is Rik's. Utrecht had Mirte.
    Question(id=7, asked=at("2026-11-09 00:15"), promised=at("2026-11-10 17:00"), topic=POLARISATIE, page=WITH_TOPIC,
             organisation=UTRECHT, contact=EVA, advisor=MIRTE, stand_in_for=RIK, answered=at("2026-11-09 11:00")),
    # Closed without an answer before it was due. Joke had Mirte; Utrecht had Rik, by his stand-in.
    Question(id=8, asked=at("2026-11-11 10:00"), promised=at("2026-11-12 17:00"), channel="phone", topic=POLARISATIE,
             page=WITH_TOPIC, organisation=UTRECHT, contact=JOKE, advisor=RIK, closed=at("2026-11-11 11:00")),
    # Looks like spam; called spam, and erased since; merged: none of the three is a question.
    Question(id=9, asked=at("2026-11-12 12:00"), promised=at("2026-11-13 17:00"), state="held", page=WITH_TOPIC,
             organisation=UTRECHT, contact=JOKE, advisor=RIK, answered=at("2026-11-12 12:30")),
    Question(id=10, asked=at("2026-11-12 12:10"), promised=at("2026-11-13 17:00"), spam=at("2026-11-12 13:00"),
             organisation=UTRECHT, contact=JOKE, advisor=RIK),
    Question(id=11, asked=at("2026-11-11 09:00"), promised=at("2026-11-13 17:00"), merged_into=8, page=WITH_TOPIC,
             organisation=UTRECHT, contact=JOKE, advisor=MIRTE),
    # Nobody's, and not due.
    Question(id=12, asked=at("2026-11-13 09:00"), promised=at("2026-11-20 17:00"), state="open",
             organisation=GRONINGEN),
    # After the period.
    Question(id=13, asked=at("2026-11-16 00:00"), promised=at("2026-11-17 17:00"), organisation=UTRECHT, contact=JOKE,
             advisor=RIK, answered=at("2026-11-16 10:00")),
)
TALKS = (
    # Three days later.
    Talk(id=1, created=at("2026-11-02 10:00"), starts=at("2026-11-05 10:00"), kind=SPARREN, advisor=RIK,
         page=WITH_TOPIC, organisation=UTRECHT, outcome="attended"),
    # Two days later, though it is less than two times 24 hours; planned in the first week, held in the second.
    Talk(id=2, created=at("2026-11-08 23:50"), starts=at("2026-11-10 09:00"), kind=SPARREN, advisor=MIRTE,
         topic=WEERBAARHEID, organisation=ZEIST, outcome="no_show"),
    # The same day; nobody said how it went.
    Talk(id=3, created=at("2026-11-10 09:00"), starts=at("2026-11-10 16:00"), kind=KENNISMAKEN, advisor=RIK,
         page=WITH_TOPIC, organisation=UTRECHT),
    Talk(id=4, created=at("2026-11-03 09:00"), starts=at("2026-11-06 10:00"), kind=SPARREN, advisor=MIRTE,
         state="cancelled"),
    # A fortnight later, still to come.
    Talk(id=5, created=at("2026-11-11 09:00"), starts=at("2026-11-25 09:00"), kind=SPARREN, advisor=RIK),
    # Of a series: counted as a talk, not for how long one waits.
    Talk(id=6, created=at("2026-11-02 09:00"), starts=at("2026-11-12 09:00"), kind=SPARREN, advisor=MIRTE,
         outcome="attended", series=1),
)
# fmt: on


@pytest.fixture
def house(session: DbSession) -> None:
    rows.create_topic(session, "Polarisatie")
    rows.create_topic(session, "Weerbaarheid")
    rows.create_page(session, "met", title="Met thema", topic_id=POLARISATIE)
    rows.create_page(session, "zonder", title="Zonder")
    rows.create_advisor(session, "Rik de Wit")
    rows.create_advisor(session, "Mirte Smit")
    for name, code in (("Utrecht", "GM0344"), ("Zeist", "GM0355"), ("Groningen", "GM0014")):
        rows.create_organisation(session, name, code=code)
    for name, organisation in (("joke", UTRECHT), ("ad", ZEIST), ("eva", UTRECHT), ("pim", UTRECHT)):
        rows.create_contact(session, f"{name}@example.nl", organisation_id=organisation)
    rows.create_meeting_type(session, "sparren", name="Sparren", position=1)
    rows.create_meeting_type(session, "kennismaken", name="Kennismaken", position=2)
    start = at("2026-11-12 09:00")
    rhythm = {
        "uid": "s1",
        "frequency": "weekly",
        "zone": "Europe/Amsterdam",
        "starts_at": start,
        "ends_at": start,
    }
    rhythm |= {"until_at": start, "created_at": start, "changed_at": start, "form_key": "s1"}
    session.add(TalkSeries(meeting_type_id=SPARREN, advisor_id=MIRTE, **rhythm))
    session.flush()
    store(session, QUESTIONS, TALKS)
    _open_handouts_and_switch(session)


def _open_handouts_and_switch(session: DbSession) -> None:
    opened = ((1, 2, 3, 1), (1, 8, 2, 2), (1, 9, 1, 0), (2, 15, 1, 1), (2, 16, 9, 9))
    session.add_all(
        HandoutCount(page_id=page, day=date(2026, 11, day), views=views, downloads=downloads)
        for page, day, views, downloads in opened
    )
    switched = {"actor": "account:1", "what": "contact.switched"}
    record(
        session,
        ("contact", JOKE),
        now=at("2026-11-03 17:00"),
        why="Te druk",
        enquiry=3,
        before=RIK,
        **switched,
    )
    record(session, ("contact", AD), now=at("2026-11-10 17:00"), why="te druk ", before=RIK, **switched)
    session.flush()


def _of(session: DbSession, settings: Settings, cut: Cut = EVERYTHING) -> dict[str, Figure]:
    return {each.key: each for each in figures(session, FORTNIGHT, cut, settings=settings, now=NOW)}


# Figure → the values of its rows by label, and of its total.
EXPECTED = {
    "questions": ({"week 45": (3, 1, 1), "week 46": (2, 1, 0)}, (5, 2, 1)),
    "talks": ({"week 45": (3, 0), "week 46": (1, 1)}, (4, 1)),
    "channels": ({"Mail": (62.5, 5), "Bellen": (25.0, 2), "Appen": (12.5, 1)}, (100.0, 8)),
    "first_answer": ({"week 45": (2.0, 7.5, 4), "week 46": (2.0, 2.0, 1)}, (2.0, 7.5, 5)),
    "on_time": ({"week 45": (60.0, 5), "week 46": (100.0, 1)}, (66.7, 6)),
    "lead_time": ({"week 45": (2.5, 3, 2), "week 46": (7.0, 14, 2)}, (2.5, 14, 4)),
    "no_shows": ({"week 45": (0.0, 0, 1), "week 46": (50.0, 1, 2)}, (33.3, 1, 3)),
    "outcomes": ({"week 45": (1, 0, 1, 0), "week 46": (1, 1, 0, 1)}, (2, 1, 1, 1)),
    "contacts": (
        {"Met thema": (4, 2, 6, 3), "Zonder": (1, 0, 1, 1), "Zonder pagina": (3, 3, 0, 0)},
        (8, 5, 7, 4),
    ),
    "handouts": ({"week 45": (5, 3), "week 46": (2, 1)}, (7, 4)),
    "load": ({"Mirte Smit": (4, 2), "Rik de Wit": (3, 2)}, (7, 4)),
    "fairness": ({"Mirte Smit": (1.14, 4, 3.5), "Rik de Wit": (0.86, 3, 3.5)}, (1.0, 7, 7.0)),
    "continuity": ({"week 45": (50.0, 66.7, 2, 3), "week 46": (0.0, 50.0, 1, 2)}, (33.3, 60.0, 3, 5)),
    "switches": ({"week 45": (1, 0), "week 46": (0, 1)}, (1, 1)),
    "switch_reasons": ({"Andere redenen": (2,)}, (2,)),
    "by_topic": (
        {
            "Polarisatie": (5, 2, 2.0, 75.0),
            "Weerbaarheid": (2, 1, 4.25, 50.0),
            "Zonder thema": (1, 2, None, None),
        },
        (8, 5, 2.0, 66.7),
    ),
    "by_page": (
        {"Met thema": (4, 2, 2.0, 100.0), "Zonder": (1, 0, 1.0, 100.0), "Zonder pagina": (3, 3, 7.5, 0.0)},
        (8, 5, 2.0, 66.7),
    ),
    # Utrecht with Zeist has six, but the other two have one each: six would say so.
    "by_province": (
        {
            "Groningen": (None, 0, None, None),
            "Utrecht": (None, None, 2.0, 80.0),
            "Zonder provincie": (None,) * 4,
        },
        (8, 5, 2.0, 66.7),
    ),
    "by_organisation": (
        {
            "Groningen": (None, 0, None, None),
            "Utrecht": (None, None, None, None),
            "Zeist": (None,) * 4,
            "Zonder organisatie": (None,) * 4,
        },
        (8, 5, 2.0, 66.7),
    ),
}


@pytest.mark.usefixtures("house")
def test_each_figure_is_what_was_counted_by_hand(session: DbSession, settings: Settings) -> None:
    found = _of(session, settings)
    told = {
        key: ({str(row.label): row.values for row in figure.rows}, figure.total and figure.total.values)
        for key, figure in found.items()
    }
    assert told == EXPECTED


CUTS = {
    "a topic, that of the page when nobody chose one": (
        Cut(CutKind.TOPIC, POLARISATIE),
        {
            "questions": (3, 2, 0),
            "talks": (1, 1),
            "contacts": (5, 2, 6, 3),
            "handouts": (6, 3),
            "switches": (1, 0),
        },
    ),
    "a page": (
        Cut(CutKind.PAGE, WITH_TOPIC),
        {
            "questions": (2, 2, 0),
            "on_time": (100.0, 3),
            "handouts": (6, 3),
            "load": (4, 2),
            "by_topic": (4, 2, 2, 100),
        },
    ),
    "an organisation, which is too small to tell": (
        Cut(CutKind.ORGANISATION, UTRECHT),
        {"questions": (None,) * 3, "first_answer": (None,) * 3, "switches": (None, None)},
    ),
    "a province: of its municipalities by their codes": (
        Cut(CutKind.PROVINCE, "Utrecht"),
        {
            "first_answer": (2.0, 7.5, 5),
            "on_time": (80.0, 5),
            "channels": (100.0, 6),
            "by_organisation": (6, None, 2, 80),
        },
    ),
}


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(("cut", "totals"), CUTS.values(), ids=CUTS)
def test_a_cut_counts_only_what_belongs_to_it(
    session: DbSession, settings: Settings, cut: Cut, totals: dict[str, tuple[float | None, ...]]
) -> None:
    found = _of(session, settings, cut)
    assert {key: (total := found[key].total) and total.values for key in totals} == totals


@pytest.mark.usefixtures("house")
def test_a_cut_leaves_out_what_says_nothing_of_it(session: DbSession, settings: Settings) -> None:
    """Fairness is about everything, a hand-out is nobody's, and a cut is not cut by itself."""
    everything = set(_of(session, settings))
    left_out = {cut.kind: everything - set(_of(session, settings, cut)) for cut, _ in CUTS.values()}
    assert left_out == {
        CutKind.TOPIC: {"fairness", "by_topic"},
        CutKind.PAGE: {"fairness", "by_page"},
        CutKind.ORGANISATION: {"fairness", "handouts", "by_province", "by_organisation"},
        CutKind.PROVINCE: {"fairness", "handouts", "by_province"},
    }


@pytest.mark.usefixtures("house")
def test_the_period_before_has_what_came_in_before(session: DbSession, settings: Settings) -> None:
    before = {
        each.key: each
        for area in (Area.VOLUME, Area.ANSWERS)
        for each in of_area(session, area, FORTNIGHT.previous(), settings=settings, now=NOW)
    }
    totals = {key: figure.total and figure.total.values for key, figure in before.items()}
    assert totals["questions"] == (1, 0, 0)
    # Asked on Sunday night: nought working hours when the office opened.
    assert totals["first_answer"] == (0.0, 0.0, 1)


def test_nothing_is_counted_in_an_empty_house(session: DbSession, settings: Settings) -> None:
    assert all(figure.is_empty for figure in _of(session, settings).values())


@pytest.mark.usefixtures("house")
def test_a_figure_says_in_a_line_what_was_counted(session: DbSession, settings: Settings) -> None:
    for figure in _of(session, settings).values():
        assert str(figure.title), figure.key
        assert str(figure.definition).endswith("."), figure.key
        assert len(figure.heads) == len(figure.units), figure.key
        assert {len(row.values) for row in figure.rows} == {len(figure.heads)}, figure.key
