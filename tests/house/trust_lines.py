"""Every promise about safety and about spam: where it is held, and the tests that prove it.

In the order in which the firm makes them. A test that is renamed or gone fails the house; so does a line without one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One promise. ``tests`` are files below tests/, with the name of a function where it is one of many."""

    promise: str
    held: tuple[str, ...]
    tests: tuple[str, ...]


SECURITY = (
    Line(
        "the headers are on every answer, errors, files, refused hosts and 413 too; no version is told",
        ("web/headers.py",),
        (
            "web/test_every_answer.py::test_headers_are_on_every_answer",
            "web/test_every_answer.py::test_every_public_door_opens_without_a_cookie_and_with_its_headers",
            "web/test_every_answer.py::test_a_host_that_is_not_ours_is_not_answered",
            "operations/test_web_server.py::test_what_has_come_in_is_answered_after_the_end_was_announced",
        ),
    ),
    Line(
        "frame-ancestors per page",
        ("contact/embedding_views.py",),
        ("contact/test_embedding.py::test_only_the_allowed_sites_may_frame_a_page",),
    ),
    Line(
        "HSTS for a year on TLS",
        ("web/headers.py",),
        ("web/test_every_answer.py::test_over_tls_a_browser_is_told_to_stay_there",),
    ),
    Line(
        "no-store on what is personal",
        ("web/pages.py",),
        (
            "web/test_every_answer.py::test_the_private_ones_are_kept_by_nobody",
            "people/test_signin.py::test_pages_of_the_desk_are_not_kept_by_a_browser",
        ),
    ),
    Line(
        "HTML is not compressed",
        ("operations/web_server.py",),
        ("web/test_trust.py::test_html_is_not_compressed",),
    ),
    Line(
        "the whole browser suite without one report of the CSP",
        ("web/headers.py",),
        ("house/test_trust.py::test_every_test_with_a_browser_goes_through_the_collector_of_reports",),
    ),
    Line(
        "public pages set no cookie; the desk's is bound to the host and out of reach of scripts",
        ("app.py",),
        (
            "web/test_every_answer.py::test_a_form_that_is_sent_sets_no_cookie_either",
            "people/test_signin.py::test_a_public_page_neither_sets_nor_reads_the_cookie_of_the_desk",
            "people/test_signin.py::test_the_cookie_is_out_of_reach_of_scripts_and_other_sites",
            "people/test_signin.py::test_behind_https_the_cookie_is_bound_to_this_host",
        ),
    ),
    Line(
        "a new session at sign-in, 30 minutes idle, 12 hours at most, ended on the server",
        ("people/signin/keeping.py", "people/signin/guarding.py"),
        (
            "people/test_signin.py::test_nothing_of_the_session_before_signing_in_survives",
            "people/test_signin.py::test_a_session_ends_after_half_an_hour_without_a_page",
            "people/test_signin.py::test_a_session_in_use_ends_after_twelve_hours",
            "people/test_signin.py::test_disabling_an_account_ends_its_session",
            "people/test_signin_own.py::test_a_cookie_that_was_copied_is_worth_nothing_after_signing_out",
            "people/test_signin_own.py::test_another_password_ends_every_sign_in",
            "people/test_signin_own.py::test_somebody_sees_where_and_ends_one_or_all_others",
        ),
    ),
    Line(
        "public forms carry a signed token and no cookie",
        ("web/form_token.py",),
        (
            "contact/test_forms_again.py::test_a_token_that_is_not_of_this_form_saves_nothing_and_costs_no_text",
            "contact/test_embedding.py::test_a_question_is_asked_without_leaving_the_frame",
        ),
    ),
    Line(
        "no link in a mail acts by being opened",
        ("database.py", "web/pages.py"),
        (
            "web/test_every_answer.py::test_opening_every_page_writes_nothing",
            "web/test_every_answer.py::test_a_page_that_only_looks_is_refused_a_write_by_the_database",
        ),
    ),
    Line(
        "mailed links from the base address only; trusted hosts; proxies counted; next to own pages only",
        ("web/public_urls.py", "app.py", "people/signin/guarding.py"),
        (
            "web/test_public_urls.py::test_every_address_that_leaves_the_house_leads_to_a_page",
            "web/test_every_answer.py::test_a_host_that_is_not_ours_is_not_answered",
            "web/test_trust.py::test_an_address_is_believed_of_exactly_so_many_proxies",
            "people/test_signin.py::test_only_a_known_page_of_our_own_can_come_next",
        ),
    ),
    Line(
        "private links: a hash is kept, one purpose, an end, the same 404; the log has the route",
        ("links/services.py", "operations/request_log.py"),
        (
            "contact/test_own_page.py::test_only_the_hash_of_a_link_is_kept",
            "contact/test_own_page.py::test_every_link_that_opens_nothing_gets_the_same_answer",
            "web/test_access.py::test_a_private_link_that_is_unknown_opens_nothing",
            (
                "operations/test_request_log.py::"
                "test_a_line_tells_route_status_and_network_and_no_link_name_or_address"
            ),
        ),
    ),
    Line(
        "nothing that is typed becomes a header of a mail",
        ("outbox/message.py",),
        (
            "outbox/test_message.py::test_no_name_or_subject_becomes_a_header_of_its_own",
            "contact/test_hostile_text.py::test_a_hostile_name_reaches_nobody_else_and_changes_no_header",
        ),
    ),
    Line(
        "three confirmations a day for an address",
        ("contact/emails.py",),
        (
            "contact/test_confirmation.py::test_an_address_gets_three_confirmations_a_day_and_no_more",
            "api/test_talks.py::test_nobody_is_mailed_of_more_than_three_new_talks_a_day",
        ),
    ),
    Line(
        "text is cleaned once; a line refuses a break; one table of lengths",
        ("web/text.py",),
        (
            "contact/test_hostile_text.py::test_a_line_break_in_a_line_is_refused",
            "web/test_trust.py::test_the_lengths_that_are_checked_are_those_that_the_api_tells",
        ),
    ),
    Line(
        "output is escaped; no cell of a file can run; downloads have safe names",
        ("office/organisations", "contact/handout"),
        (
            "contact/test_contact_page.py::test_a_coordinators_text_can_hold_no_script",
            "office/test_organisation_files.py::test_every_cell_comes_back_as_it_was_written_and_none_can_run",
            "contact/test_handout_formats.py::test_a_safe_name_is_always_one_name_of_some_length",
        ),
    ),
    Line(
        "addresses of others: https, public, resolved once, redirects checked, bounded in time and size",
        ("web/outgoing_guard.py", "web/outgoing_http.py", "webhooks/delivery.py"),
        ("web/test_outgoing_http.py", "webhooks/test_delivery.py"),
    ),
    Line(
        "argon2id, 12 characters, no first guesses",
        ("people/signin/passwords.py",),
        (
            "people/test_signin.py::test_a_password_is_kept_as_argon2id",
            "people/test_signin.py::test_eleven_characters_are_too_few_for_a_password",
            "people/test_signin_own.py::test_what_everybody_guesses_first_is_no_password",
        ),
    ),
    Line(
        "a second step for everybody; a code once; recovery codes hashed; passkeys; OpenID Connect",
        ("people/signin/second_step.py", "people/signin/passkeys", "people/signin/provider"),
        (
            "people/test_signin_second_step.py::test_a_code_is_used_once_and_none_before_it_after_that",
            "people/test_signin_second_step.py::test_a_recovery_code_works_once_and_is_kept_as_a_hash",
            "people/test_signin_passkeys.py",
            "people/test_signin_provider.py",
        ),
    ),
    Line(
        "guessing is slowed down and locks nobody out",
        ("people/signin/limits.py",),
        ("people/test_signin_limits.py",),
    ),
    Line(
        "who has an account is not told by text, status or time",
        ("people/signin",),
        (
            "people/test_signin.py::test_a_refusal_is_the_same_page_to_the_byte_whether_the_account_exists",
            "people/test_signin_own.py::test_an_unknown_address_is_refused_in_the_same_time",
            "people/test_signin_forgotten.py::test_asking_takes_as_long_for_an_unknown_address",
        ),
    ),
    Line(
        "every door stands in a table and is knocked at by every role; whose it is, in the act; scopes",
        ("desk/guard.py", "office/guard.py", "api/callers.py"),
        (
            "web/test_access.py::test_every_endpoint_stands_in_the_table_once",
            "web/test_access.py::test_nobody_acts_on_what_a_colleague_has",
            "api/test_scopes.py::test_a_key_opens_what_its_scope_says_and_nothing_else",
        ),
    ),
    Line(
        "256 kB and 200 parts; bad bytes, types and shapes are refused within two seconds and are no 500",
        ("app.py", "web/incoming.py", "web/forms.py"),
        ("web/test_hostile_forms.py", "api/test_fuzzed.py", "contact/test_hostile_text.py"),
    ),
    Line(
        "150 slow or idle connections leave others under five seconds",
        ("operations/web_server.py",),
        ("operations/test_slow_connections.py",),
    ),
    Line(
        "the public sends no files",
        ("web/forms.py",),
        ("web/test_trust.py::test_a_visitor_can_send_no_file_and_the_trap_hurts_nobody",),
    ),
    Line(
        "security.txt renews its date",
        ("web/pages.py",),
        ("web/test_trust.py::test_the_date_in_security_txt_renews_itself",),
    ),
    Line("a list of what is installed", (), ("deploy/test_sbom.py",)),
)
SPAM = (
    Line(
        "a trap that is hidden from people and from assistive technology",
        ("contact/intake.py",),
        (
            "web/test_trust.py::test_a_visitor_can_send_no_file_and_the_trap_hurts_nobody",
            "contact/test_held.py::test_marks_add_up",
        ),
    ),
    Line(
        "too fast or too old: asked to press again, and the text is kept",
        ("web/form_token.py",),
        (
            "contact/test_looking_twice.py::test_what_comes_within_seconds_is_asked_for_once_more_and_then_taken",
            "contact/test_forms_again.py::test_a_form_may_stand_open_for_a_day",
        ),
    ),
    Line(
        "limits per address, per /64 and in total; five from one town hall always pass",
        ("web/limits.py", "contact/intake.py"),
        (
            "contact/test_limits.py::test_five_colleagues_of_one_town_hall_get_through_within_ten_minutes",
            "contact/test_limits.py::test_one_network_counts_as_one",
            "contact/test_held.py::test_a_flood_waits_and_a_quiet_hour_later_nothing_does",
        ),
    ),
    Line(
        "what is taken for spam is held for a look and never lost",
        ("contact/held",),
        (
            "contact/test_held.py::test_a_held_question_is_stored_and_promised_and_nobody_is_told",
            (
                "contact/test_held.py::"
                "test_what_is_let_through_goes_the_way_of_every_question_with_the_promise_that_was_read"
            ),
            "webhooks/test_telling.py::test_possible_spam_is_told_when_it_was_let_through_and_not_before",
        ),
    ),
    Line(
        "no puzzle and no third party",
        ("web/headers.py",),
        ("web/test_every_answer.py::test_every_public_door_opens_without_a_cookie_and_with_its_headers",),
    ),
)
