"""Calendar objects as bytes and back: what leaves in an invite, and what an answer says.

``values``   what a meeting is; frozen, checked, no library in sight
``writer``   REQUEST, CANCEL, DECLINECOUNTER and the PUBLISH feed (icalendar)
``download`` the file behind "Zet in mijn agenda" (ics)
``stored``   the invite as a calendar collection keeps it (CalDAV)
``reader``   REPLY, COUNTER, DECLINECOUNTER and REFRESH, from any client
``busy``     the busy spans of somebody's own calendar

Knows no database, no mail, no page and no clock: every instant is handed in. Nothing outside this
package imports icalendar, ics or recurring_ical_events.
"""
