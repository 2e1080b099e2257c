"""Which advisor gets a question, and why: `decide` gives an ordered, explained, storable decision.

Pure: ids, codes, counts and aware instants in and out. Sentences, storage and the time of day are elsewhere.
"""

from __future__ import annotations

from consult.routing.advisor import Absence, Advisor
from consult.routing.balance import WINDOW, Traffic, fair_shares, with_fair_shares
from consult.routing.codes import Alarm, Reason, Selection, StepName
from consult.routing.decision import Decision, Exclusion, Standing, Step
from consult.routing.dry_run import Difference, differences
from consult.routing.engine import decide, decide_in_team
from consult.routing.explain import AdvisorCode, Line, VisitorCode, for_advisor, for_visitor
from consult.routing.faults import Fault, RuleFault, find_faults
from consult.routing.plain import Unreadable
from consult.routing.question import Question
from consult.routing.roster import Page, Roster, Team, Vocabulary
from consult.routing.rules import Conditions, Rule, RuleSet

__all__ = [
    "WINDOW",
    "Absence",
    "Advisor",
    "AdvisorCode",
    "Alarm",
    "Conditions",
    "Decision",
    "Difference",
    "Exclusion",
    "Fault",
    "Line",
    "Page",
    "Question",
    "Reason",
    "Roster",
    "Rule",
    "RuleFault",
    "RuleSet",
    "Selection",
    "Standing",
    "Step",
    "StepName",
    "Team",
    "Traffic",
    "Unreadable",
    "VisitorCode",
    "Vocabulary",
    "decide",
    "decide_in_team",
    "differences",
    "fair_shares",
    "find_faults",
    "for_advisor",
    "for_visitor",
    "with_fair_shares",
]
