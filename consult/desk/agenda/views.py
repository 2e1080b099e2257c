"""The pages of the agenda: importing this registers them all at the desk."""

from consult.desk.agenda import (
    agenda_views,
    group_change_views,
    group_views,
    plan_views,
    talk_act_views,
    talk_change_views,
    talk_views,
)

__all__ = [
    "agenda_views",
    "group_change_views",
    "group_views",
    "plan_views",
    "talk_act_views",
    "talk_change_views",
    "talk_views",
]
