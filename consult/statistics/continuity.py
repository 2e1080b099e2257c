"""Whether people keep their advisor: who asked before and got the same one, and who got another, with the reason.

Standing in for an absent colleague is no other advisor. What is known of a person ends when that person is erased; of
the organisation it stays.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, or_, select

from consult.activity.models import Activity
from consult.contact.models import Enquiry
from consult.people.models import Contact
from consult.statistics.counting import ALL, TOTAL, Told, sum_of, week_line
from consult.statistics.figures import CutKind
from consult.statistics.hiding import FEWEST, Cell, Hiding, Line, count
from consult.statistics.middle import percent
from consult.statistics.scope import REAL, is_about
from consult.statistics.sql import week_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from consult.statistics.counting import Counting
    from consult.statistics.figures import Figure

SWITCHED = "contact.switched"
HOLDER = func.coalesce(Enquiry.stand_in_for_id, Enquiry.advisor_id)


def figures(counting: Counting) -> tuple[Figure, ...]:
    """The same advisor again, and the switches with their reasons; two statements."""
    if not (counting.wants("switches") or counting.wants("switch_reasons")):
        return (_same_advisor(counting),)
    switches = _switches(counting)
    return _same_advisor(counting), _switches_per_week(counting, switches), _reasons(counting, switches)


def _same_advisor(counting: Counting) -> Figure:
    told = Told(
        key="continuity",
        title=_l("Dezelfde adviseur"),
        definition=_l(
            "Het deel van de vragen bij dezelfde adviseur als de vorige vraag van die persoon of organisatie."
        ),
        kind="lines",
        heads=(
            (_l("Personen"), "percent"),
            (_l("Organisaties"), "percent"),
            (_l("Vragen van bekende personen"), "count"),
            (_l("Vragen van bekende organisaties"), "count"),
        ),
        note=_l("Vervanging bij afwezigheid telt als dezelfde adviseur."),
    )
    weeks = counting.once("continuity", lambda: _known(counting))[counting.weeks]
    lines = [
        week_line(monday, _cells(*each))
        for monday, each in zip(counting.period.mondays(), weeks, strict=True)
    ]
    total = Line(TOTAL, _cells(*(sum(column) for column in zip(*weeks, strict=True))))
    return told.figure(lines, total, counting.hiding(Hiding(frozenset({2, 3}))))


def _cells(person: int, organisation: int, persons: int, organisations: int) -> tuple[Cell, ...]:
    return (
        Cell(percent(person, persons), persons),
        Cell(percent(organisation, organisations), organisations),
        count(persons),
        count(organisations),
    )


def _known(counting: Counting) -> list[list[int]]:
    """Of each week how many questions were with the same advisor, and how many had one before: see `_cells`.

    Reads every question up to the last week once, in order: whoever came before may have done so years ago.
    """
    since, until = counting.whole.bounds(counting.zone)
    week = week_of(Enquiry.asked_at, counting.whole, counting.zone)
    counts = and_(Enquiry.asked_at >= since, counting.scope.is_asked)
    query = (
        select(week, HOLDER, Enquiry.contact_id, Enquiry.organisation_id, counts)
        .where(REAL, Enquiry.asked_at < until, HOLDER.is_not(None), *_near(counting))
        .order_by(Enquiry.asked_at, Enquiry.id)
    )
    persons: dict[int, int] = {}
    organisations: dict[int, int] = {}
    weeks = [[0, 0, 0, 0] for _ in range(counting.whole.weeks)]
    for number, holder, person, organisation, is_counted in counting.rows(query):
        of_week = weeks[number]
        if person is not None:
            if is_counted and person in persons:
                of_week[0] += persons[person] == holder
                of_week[2] += 1
            persons[person] = holder
        if organisation is not None:
            if is_counted and organisation in organisations:
                of_week[1] += organisations[organisation] == holder
                of_week[3] += 1
            organisations[organisation] = holder
    return weeks


def _near(counting: Counting) -> tuple[ColumnElement[bool], ...]:
    """Of a few organisations: their questions, and all of whoever asked one; no other changes a number."""
    if not counting.cut.is_narrow:
        return ()
    who = select(Enquiry.contact_id).where(counting.scope.is_asked, Enquiry.contact_id.is_not(None))
    return (or_(counting.scope.is_asked, Enquiry.contact_id.in_(who)),)


def _switches(counting: Counting) -> Counter[tuple[int, bool, str | None]]:
    """How often somebody got another advisor: by week, by whether a question changed hands, and by reason."""
    question_id = Activity.data["enquiry"].as_integer()
    query = (
        select(
            week_of(Activity.at, counting.period, counting.zone).label("week"),
            question_id.is_not(None).label("with_question"),
            Activity.why.label("reason"),
            func.count(),
        )
        .outerjoin(Contact, Contact.id == Activity.subject_id)
        .outerjoin(Enquiry, Enquiry.id == question_id)
        .where(Activity.what == SWITCHED, Activity.at >= counting.since, Activity.at < counting.until)
        .where(*_of_cut(counting))
        .group_by("week", "with_question", "reason")
    )
    rows = counting.session.execute(query)
    counted: Counter[tuple[int, bool, str | None]] = Counter()
    for week, handed, reason, number in rows:
        # A reason may be sealed, so that the database cannot tell what is written alike.
        counted[week, bool(handed), reason.strip().lower() if reason is not None else None] += number
    return counted


def _of_cut(counting: Counting) -> tuple[ColumnElement[bool], ...]:
    """A switch belongs to the organisation of the person; to a topic or a page by the question that changed hands."""
    cut = counting.cut
    if cut.kind is None:
        return ()
    if cut.is_narrow:
        organisation_id = func.coalesce(Enquiry.organisation_id, Contact.organisation_id)
        return (organisation_id.in_(counting.scope.organisation_ids),)
    if cut.kind == CutKind.PAGE:
        return (Enquiry.page_id == cut.key,)
    return (is_about(cut.key, Enquiry.topic_id, Enquiry.page_id),)


def _switches_per_week(counting: Counting, switches: Counter[tuple[int, bool, str | None]]) -> Figure:
    told = Told(
        key="switches",
        title=_l("Wissels van adviseur"),
        definition=_l(
            "Hoe vaak iemand een andere vaste adviseur kreeg. Vervanging bij afwezigheid telt niet."
        ),
        kind="stacked",
        heads=((_l("Vraag overgedragen"), "count"), (_l("Door de coördinator"), "count")),
        note=_l("Wissels van gewiste personen zijn weg. Na 24 maanden vervallen alle wissels."),
    )
    numbers: Counter[tuple[int, bool]] = Counter()
    for (week, handed, _reason), number in switches.items():
        numbers[week, handed] += number
    lines = [
        week_line(monday, (count(numbers[week, True]), count(numbers[week, False])))
        for week, monday in enumerate(counting.period.mondays())
    ]
    hiding = counting.hiding(Hiding(frozenset({0, 1}), across=True))
    return told.figure(lines, sum_of(lines, 2, TOTAL), hiding)


def _reasons(counting: Counting, switches: Counter[tuple[int, bool, str | None]]) -> Figure:
    told = Told(
        key="switch_reasons",
        title=_l("Waarom van adviseur wordt gewisseld"),
        definition=_l(
            "De redenen bij wissels, zoals ze zijn geschreven. Wat minder dan vijf keer voorkomt, staat samen."
        ),
        kind="bars",
        heads=((_l("Wissels"), "count"),),
    )
    reasons: Counter[str] = Counter()
    for (_week, _handed, reason), number in switches.items():
        reasons[reason or ""] += number
    # What people write may name somebody: only what is written often is repeated.
    often = {reason: number for reason, number in reasons.items() if reason and number >= FEWEST}
    lines = [
        Line(reason[:1].upper() + reason[1:], (count(number),), key=reason)
        for reason, number in often.items()
    ]
    rest = reasons.total() - sum(often.values())
    if rest:
        lines.append(Line(_l("Andere redenen"), (count(rest),)))
    total = Line(ALL, (count(reasons.total()),))
    return told.figure(lines, total, counting.hiding(Hiding(frozenset({0}))), ranked=True)
