"""Which tests show which rule of docs/rules.md, so that rules and tests can't part.

A rule without a test fails, so does a test that is listed and is not there.
"""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
RULES = TESTS.parent / "docs" / "rules.md"

TIME = {
    1: """
        interview/test_start.py::test_the_deadline_is_database_time_and_the_limit
        interview/test_start.py::test_the_timing_profile_stretches_the_deadline
        interview/test_start.py::test_an_untimed_candidate_has_no_deadline
        interview/test_start.py::test_in_free_order_every_answer_closes_at_the_deadline
        interview/test_one_at_a_time.py::test_no_question_closes_later_than_the_deadline
        interview/test_finish.py::test_a_finish_closes_every_answer_at_once_without_grace
        interview/test_finish.py::test_of_a_finish_and_a_save_at_once_the_history_has_every_word
        interview/test_extend.py::test_of_an_extension_and_a_finish_at_once_nothing_stays_open
        interview/test_save.py::test_saving_tests_the_close_of_the_answer_alone
    """,
    2: """
        interview/test_room_pages.py::test_the_clock_tells_the_seconds_left_in_one_query
        interview/test_extend.py::test_another_device_learns_of_it_with_its_next_save
        browser/test_clock.py::test_it_counts_down_each_second
        browser/test_clock.py::test_it_asks_the_server_when_it_may_have_stood_still
        browser/test_clock.py::test_until_the_server_answers_nobody_knows_the_time
        browser/test_clock.py::test_a_slow_reply_gives_no_time
        browser/test_clock.py::test_a_browser_clock_that_is_wrong_or_changed_is_not_believed
    """,
    3: """
        accounts/test_timing_profile.py::test_the_chosen_factor_is_stored
        interview/test_new_interview.py::test_the_timing_profile_is_changed_by_the_start
        interview/test_extend.py::test_ten_extensions_are_the_most
        interview/test_extend.py::test_of_eight_presses_at_once_one_counts
        interview/test_sit_invitation.py::test_the_factor_applies_to_the_fixed_limit
        interview/test_invitations.py::test_the_page_is_the_same_for_who_needs_four_times_as_long
        interview/test_blind.py::test_more_time_changes_nothing_that_a_reviewer_gets
        interview/test_blind.py::test_ids_on_reviewers_pages_tell_no_time_of_the_candidates
        interview/test_blind.py::test_the_admin_shows_nobodys_time_factor_and_changes_nothing
        browser/test_more_time.py::test_a_hidden_clock_shows_on_request_and_hides_again
    """,
    4: """
        browser/test_clock.py::test_it_speaks_at_the_announced_minutes_and_never_each_second
        browser/test_clock.py::test_a_minute_that_was_slept_through_is_told_as_what_is_true_by_then
        browser/test_clock.py::test_the_timer_is_silent_and_the_minutes_are_said_politely
        browser/test_more_time.py::test_a_hidden_clock_is_announced_in_words_that_are_seen
    """,
    5: """
        interview/test_save.py::test_within_the_grace_a_save_is_taken_and_no_seconds_are_left
        interview/test_late_text.py::test_late_text_is_kept_with_its_delay
        interview/test_late_text.py::test_late_text_does_not_become_the_answer
        interview/test_late_text.py::test_revealing_the_model_answers_ends_the_grace
        interview/test_one_truth.py::test_a_save_that_waits_for_a_reveal_is_late
        browser/test_clock.py::test_last_words_are_saved_within_eight_seconds_of_the_end_and_not_all_at_once
        browser/test_clock.py::test_a_laptop_that_slept_over_the_deadline_keeps_its_text_as_late_text
        browser/test_leftover.py::test_each_text_is_offered_and_sent_as_late_text
        interview/test_accept_late.py::test_accepting_is_stored_for_the_review_and_the_answer_stays_as_it_is
        interview/test_accept_late.py::test_text_that_came_after_the_reveal_is_refused_by_the_server_too
    """,
    6: """
        interview/test_abandoned.py::test_it_is_over_before_anybody_stamped_it
        interview/test_abandoned.py::test_the_job_stamps_its_end_and_keeps_what_stands
        interview/test_start.py::test_an_overdue_sitting_is_stamped_by_the_next_start
        interview/test_start.py::test_an_untimed_sitting_stays_until_it_is_finished
        interview/test_one_truth.py::test_of_starts_of_two_sets_at_once_one_wins_and_the_other_is_led_to_it
        interview/test_new_interview.py::test_a_running_interview_is_offered_to_resume_or_to_finish
    """,
    7: """
        interview/test_one_at_a_time.py::test_opening_the_next_closes_the_one_before_at_once
        interview/test_one_at_a_time.py::test_no_question_can_be_skipped
        interview/test_one_at_a_time.py::test_there_is_no_way_back_and_no_way_ahead
        interview/test_one_at_a_time.py::test_a_question_that_is_not_open_answers_to_nothing
        interview/test_extend.py::test_one_at_a_time_a_question_whose_time_is_up_is_not_opened_again
    """,
    8: """
        interview/test_lead_to_room.py::test_while_the_sitting_runs_it_leads_there
        interview/test_lead_to_room.py::test_after_the_end_it_leads_to_the_self_score_until_that_is_done_or_skipped
        interview/test_room_pages.py::test_the_interview_leads_to_where_one_wrote_last
        browser/test_more_time.py::test_a_second_tab_learns_of_it_by_its_next_save
    """,
}

SAVING = {
    1: """
        browser/test_saving.py::test_it_saves_one_and_a_half_seconds_after_typing_stops
        browser/test_saving.py::test_it_saves_eight_seconds_after_the_first_unsaved_keystroke_at_most
        browser/test_saving.py::test_it_saves_on_leaving_the_field
        browser/test_saving.py::test_it_saves_with_keepalive_when_the_page_goes_away
        browser/test_saving.py::test_keepalive_is_for_less_than_60_kilobytes_of_utf_8
        browser/test_saving.py::test_a_page_that_is_left_at_once_still_sends_its_last_words
    """,
    2: """
        interview/test_save.py::test_a_repeated_save_returns_the_current_receipt
        interview/test_save.py::test_a_save_that_was_overtaken_by_the_next_changes_nothing
        interview/test_save.py::test_a_page_that_never_got_its_receipt_may_go_on_from_the_old_base
        browser/test_saving.py::test_a_lost_reply_is_no_conflict
        browser/test_saving.py::test_replies_that_come_out_of_order_change_nothing
        browser/test_conflict.py::test_a_duplicated_tab_is_another_writer
    """,
    3: """
        interview/test_save.py::test_a_save_gives_a_receipt_with_time_revision_words_and_seconds_left
        faults/test_nothing_is_lost.py::test_nothing_is_lost_while_servers_are_killed_and_the_network_is_bad
        faults/test_it_can_fail.py::test_a_receipt_before_the_commit_is_found
        browser/test_room.py::test_what_is_typed_is_saved_and_the_receipt_says_so
        browser/test_room.py::test_clock_and_receipt_stay_in_sight_above_a_phone_s_keyboard
        browser/test_notices.py::test_a_failure_that_goes_on_is_announced_once
    """,
    4: """
        browser/test_room.py::test_a_save_leaves_focus_caret_selection_and_undo
        browser/test_room.py::test_an_input_method_goes_on_composing_through_a_save_a_notice_and_an_announcement
    """,
    5: """
        interview/test_conflict.py::test_a_stale_tab_changes_nothing_and_gets_both_texts
        interview/test_conflict.py::test_of_eight_tabs_at_once_one_wins_and_no_text_is_lost
        interview/test_restore.py::test_against_a_save_of_another_device_one_wins_and_no_text_is_lost
        browser/test_conflict.py::test_a_conflict_shows_both_texts_and_overwrites_nothing
    """,
    6: """
        browser/test_saving.py::test_an_hour_offline_loses_nothing
        browser/test_drafts.py::test_a_browser_that_was_killed_offers_its_copy
        browser/test_drafts.py::test_text_of_a_page_that_crashed_offline_is_offered
        browser/test_log_out.py::test_who_logs_out_is_warned_and_can_go_back_and_save
        browser/test_log_out.py::test_who_logs_out_all_the_same_leaves_nothing_of_theirs_behind
        browser/test_drafts.py::test_the_copy_in_the_browser_is_for_the_same_person_only
        browser/test_drafts.py::test_an_expired_session_keeps_the_copy_seven_days_for_the_same_person
    """,
    7: """
        interview/test_save.py::test_the_history_keeps_one_revision_of_thirty_seconds_of_typing
        interview/test_conflict.py::test_both_texts_of_a_conflict_are_in_the_history
        interview/test_late_text.py::test_each_late_text_is_kept
        interview/test_finish.py::test_what_stands_goes_to_the_history
        interview/test_restore.py::test_what_stood_before_is_in_the_history
        interview/test_history.py::test_typing_conflict_restoring_finish_and_late_arrival_are_kept
        interview/test_history.py::test_of_three_minutes_of_typing_there_is_one_version_each_half_minute
    """,
    8: """
        interview/test_room_pages.py::test_the_whole_sitting_works_as_plain_forms
        interview/test_room_pages.py::test_the_room_prints_the_deadline_as_a_time_of_day
        browser/test_room_without_script.py::test_without_a_script_the_room_is_a_plain_form
        browser/test_more_time.py::test_without_a_script_the_button_brings_the_text_along
    """,
    9: """
        interview/test_save.py::test_an_expired_session_is_told_in_json_where_to_log_in
        browser/test_saving.py::test_who_was_logged_out_loses_nothing_and_goes_on_after_logging_in
    """,
    10: """
        interview/test_save.py::test_twenty_thousand_code_points_fit_whatever_their_bytes
        interview/test_save.py::test_line_ends_are_stored_as_one_character
        browser/test_room.py::test_too_many_characters_are_told_while_typing_and_hold_the_page
        browser/test_room.py::test_a_paste_that_is_too_long_is_told_not_cut_and_the_last_text_that_fits_is_saved
    """,
}

LISTED = [
    pytest.param(name, id=f"{title}-{number}-{name.partition('::')[2]}")
    for title, rules in (("time", TIME), ("saving", SAVING))
    for number, names in rules.items()
    for name in names.split()
]


@pytest.mark.parametrize("name", LISTED)
def test_each_listed_test_is_there(name: str) -> None:
    path, _, function = name.partition("::")
    tree = ast.parse((TESTS / path).read_text())
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("title", "rules"), [("Rules of time", TIME), ("Rules of saving", SAVING)])
def test_each_rule_of_the_docs_has_its_tests(title: str, rules: dict[int, str]) -> None:
    section = RULES.read_text().partition(f"## {title}\n")[2].partition("\n## ")[0]
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", section, flags=re.M)]
    assert numbers == list(rules)
    assert all(names.split() for names in rules.values())
