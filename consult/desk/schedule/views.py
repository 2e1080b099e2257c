"""The pages about when somebody works: importing this registers them all at the desk."""

from consult.desk.schedule import (
    absence_views,
    calendar_views,
    hours_views,
    moment_views,
    profile_views,
    team_feed_views,
)

__all__ = [
    "absence_views",
    "calendar_views",
    "hours_views",
    "moment_views",
    "profile_views",
    "team_feed_views",
]
