"""Who may come through which door: every endpoint of the url map stands here once, and a new one fails until it does.

The tests in test_access.py knock at each of them and expect what its class promises.
"""

from __future__ import annotations

# Everybody, without a link: pages and files of the firm, forms of a visitor, the sign-in.
PUBLIC = """
booking.keep booking.plan contact.ask contact.home contact.page embedding.frame embedding.received embedding.script
group_sessions.every_session group_sessions.sign_up group_sessions.signed_up handouts.handout own_data.erased
passkeys.ask passkeys.sign_in portraits.picture security.login sharing.card sharing.municipality_names sharing.qr_code
static web.accessibility
desk_offline.page desk_offline.worker web.house_style web.logo web.privacy web.robots web.security_txt
sign_in_links.link_asked sign_in_links.lost_password
"""
# Who has the private link; any other text there gives the same 404.
LINK = """
booking.calendar_entry booking.cancel booking.move booking.own_page booking.propose contact.own_page contact.received
feeds.feed group_sessions.calendar_entry group_sessions.give_up group_sessions.own_page own_data.ask own_data.erase
own_data.show series.cancel series.cancel_one series.choose series.end series.extend series.move series.own_page
sign_in_links.choose_another sign_in_links.choose_password sign_in_links.prove_address
"""
# Who gave a password and has a second step to go; anybody else is sent to the page for that.
HALFWAY = """
passkeys.new sign_in_steps.enrol sign_in_steps.second
"""
# Who is signed in, whatever the role.
SIGNED_IN = """
own_sign_in.change_address own_sign_in.change_password own_sign_in.end_one own_sign_in.end_others own_sign_in.mine
own_sign_in.name_passkey own_sign_in.recovery_codes own_sign_in.remove_passkey passkeys.ask_new passkeys.ask_proof
passkeys.prove security.logout sign_in_steps.again
"""
# Advisors and coordinators; what a colleague has is looked at, and acted on after a hand-over (see test_access.py).
DESK = """
desk.absence desk.absent desk.accept_proposal desk.add_seat desk.agenda desk.answer desk.approve_booking desk.booking
desk.booking_outcome desk.bookings desk.bulk_act desk.calendars desk.called desk.cancel_booking desk.cancel_group
desk.cancel_series desk.change_group desk.chatted desk.close desk.decline_proposal desk.end_absence desk.end_series
desk.enquiry desk.give_booking desk.group_session desk.group_sessions desk.hand_over desk.here desk.host_group
desk.hours_preview desk.inbox desk.keep_draft desk.mark_spam desk.merge desk.moment desk.more desk.move_absence
desk.move_booking desk.move_group desk.new_feed desk.not_spam desk.note desk.number_group desk.other_day
desk.place_booking desk.post desk.preview desk.read_calendar desk.refuse_booking desk.remove_calendar desk.remove_seat
desk.reopen desk.see_answers desk.send_again desk.snooze desk.stop_feed desk.take desk.take_back desk.take_back_answer
desk.take_out desk.take_urgent desk.today desk.unmerge desk.urgent_enquiry desk.usual_day desk.wake desk.work_hours
desk.write_calendar
"""
# Advisors: it is about a profile of their own.
ADVISOR = """
desk.drop_saved_reply desk.new_saved_reply desk.no_portrait desk.plan_talk desk.portrait desk.profile desk.saved_reply
desk.saved_reply_list
"""
# Coordinators, at the desk and in the office.
COORDINATOR = """
desk.held_back desk.judge_spam desk.left_mail desk.let_through desk.new_team_feed desk.plan_group desk.see_left_mail
desk.stop_team_feed desk.team_feeds office.advisor office.advisors office.carry_out_import office.change_rule
office.contact office.contact_page office.default_text office.delete office.delete_talk_kind office.deleting
office.export_organisations office.figure_file office.figures office.figures_of office.firm_text
office.import_organisations office.look_at_article office.meeting_type office.meeting_types office.more
office.move_talk_kind office.move_topic_in_list office.new_advisor office.new_contact office.new_meeting_type
office.new_organisation office.new_page office.new_rule office.new_team office.new_topic office.organisation
office.organisations office.pages office.put_page_handout office.remove_page_handout office.replace_with
office.restore_rules office.restore_text office.rule office.rule_versions office.rules office.save_rules
office.settle_draft office.simulator office.start office.team office.teams office.text_preview office.texts
office.topic office.topics office.try_rules office.weekly_mail office.what_if
office.change_roles office.erase_data office.export_data office.invite_user_again office.new_user office.person_data
office.privacy office.reset_user office.switch_user_off office.switch_user_on office.trail office.trail_file
office.user office.users
desk.take_back_judgement desk.take_back_release
"""
# Coordinators and who runs the machine: the keys of programs, and the addresses at which programs hear of us.
KEEPER = """
api_keys.end api_keys.listed api_keys.make
webhooks.listed webhooks.make webhooks.one webhooks.remove webhooks.renew webhooks.switch webhooks.tell_again
webhooks.try_out
"""
# Programs: the public calls, without a key.
API = """
api.advisors api.cancel_booking api.create_booking api.create_enquiry api.create_hold api.meeting_types
api.move_booking api.openapi api.page api.slots api.topics
"""
# Programs with a key: who looks at questions and talks, who acts on them, who sees the office's lists, and the people.
API_LOOKS = """
api.booking api.bookings api.enquiries api.enquiry api.enquiry_entries
"""
API_ACTS = """
api.answer_enquiry api.close_enquiry api.hand_over_enquiry api.note_enquiry api.record_booking_outcome
api.reopen_enquiry
"""
API_KEEPS = """
api.organisation api.organisations api.pages api.teams
"""
API_PEOPLE = """
api.people api.person
"""
# The machine: whether it is alive and ready; its numbers only for who asks from the machine itself.
OPERATIONS = """
health.alive health.metrics health.ready
"""
# Where there is a provider of OpenID Connect; tests/people/test_signin_provider.py says who may do what.
PROVIDER = """
provider.arrive provider.leave provider.part provider.returned
"""
# Only in a demonstration.
DEMO = """
demo.mail_calendar demo.mail_html demo.mail_list demo.mail_page demo.mail_raw
"""

CLASSES = {
    name: frozenset(endpoints.split())
    for name, endpoints in (
        ("public", PUBLIC),
        ("link", LINK),
        ("halfway", HALFWAY),
        ("signed in", SIGNED_IN),
        ("desk", DESK),
        ("advisor", ADVISOR),
        ("coordinator", COORDINATOR),
        ("keeper", KEEPER),
        ("api", API),
        ("api: looks", API_LOOKS),
        ("api: acts", API_ACTS),
        ("api: keeps", API_KEEPS),
        ("api: people", API_PEOPLE),
        ("operations", OPERATIONS),
        ("provider", PROVIDER),
        ("demo", DEMO),
    )
}

# What an act on a colleague's question answers when it is not simply refused, with the reason.
OPEN_TO_COLLEAGUES = {
    # Tells who else is looking, which everybody may.
    "desk.here": 200,
    # Whoever is first takes what cannot wait; this one does not have to be taken.
    "desk.take_urgent": 409,
}
