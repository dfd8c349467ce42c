"""Pages of candidates and of reviewers. Ids are opaque: nobody can count or guess them."""

from django.urls import URLPattern, path

from interview.views import (
    bank,
    batches,
    changes,
    clock,
    comparison,
    corrections,
    grading,
    history,
    interviews,
    invitations,
    progress,
    queue,
    results,
    room,
    second_looks,
    starting,
    team,
    versions,
    waiting,
)
from interview.views.home import home
from interview.views.invite import invite
from interview.views.personal_data import profile_export

urlpatterns: list[URLPattern] = [
    # Asked for more often than all else together, so first.
    path("interviews/<uuid:pk>/answers/<int:position>/save/", room.answer_save, name="answer-save"),
    # The candidate's.
    path("", home, name="home"),
    path("interviews/", interviews.interview_list, name="interview-list"),
    path("interviews/compare/", comparison.interview_compare, name="interview-compare"),
    path("progress/", progress.progress, name="progress"),
    path("interviews/new/", starting.interview_new, name="interview-new"),
    path("interviews/new/mixed/", starting.interview_new_mixed, name="interview-new-mixed"),
    path(
        "interviews/new/mixed/matching/",
        starting.interview_new_matching,
        name="interview-new-matching",
    ),
    path("interviews/quick-start/", starting.quick_start, name="quick-start"),
    path("interviews/<uuid:pk>/", interviews.interview, name="interview"),
    path("interviews/<uuid:pk>/answers/<int:position>/", room.answer, name="answer"),
    path("interviews/<uuid:pk>/answers/<int:position>/flag/", room.answer_flag, name="answer-flag"),
    path("interviews/<uuid:pk>/answers/<int:position>/open/", room.answer_open, name="answer-open"),
    path(
        "interviews/<uuid:pk>/answers/<int:position>/history/",
        history.answer_history,
        name="answer-history",
    ),
    path(
        "interviews/<uuid:pk>/answers/<int:position>/history/<int:number>/restore/",
        history.answer_restore,
        name="answer-restore",
    ),
    path(
        "interviews/<uuid:pk>/answers/<int:position>/changes/",
        changes.answer_changes,
        name="answer-changes",
    ),
    path("interviews/<uuid:pk>/clock/", clock.interview_clock, name="interview-clock"),
    path("interviews/<uuid:pk>/extend/", clock.interview_extend, name="interview-extend"),
    path("interviews/<uuid:pk>/finish/", results.interview_finish, name="interview-finish"),
    path("interviews/<uuid:pk>/self-score/", results.self_score, name="self-score"),
    path("interviews/<uuid:pk>/self-score/skip/", results.self_score_skip, name="self-score-skip"),
    path("interviews/<uuid:pk>/feedback/", results.feedback, name="feedback"),
    path(
        "interviews/<uuid:pk>/feedback/<int:number>/",
        results.feedback_earlier,
        name="feedback-earlier",
    ),
    path("interviews/<uuid:pk>/feedback/read/", results.feedback_read, name="feedback-read"),
    path(
        "interviews/<uuid:pk>/answers/<int:position>/points/<slug:key>/second-look/",
        second_looks.second_look_ask,
        name="second-look-ask",
    ),
    path("interviews/<uuid:pk>/ask-for-review/", results.ask_for_review, name="ask-for-review"),
    path("interviews/<uuid:pk>/leave-queue/", waiting.leave_queue, name="leave-queue"),
    path("interviews/<uuid:pk>/guided-self-score/", waiting.guided, name="guided-self-score"),
    # Whoever has the link; a slug has the letters of a secret.
    path("invite/<slug:secret>/", invite, name="invite"),
    # Everybody's own.
    path("profile/export/", profile_export, name="profile-export"),
    # The reviewer's.
    path("invitations/", invitations.invitation_list, name="invitation-list"),
    path("invitations/new/", invitations.invitation_new, name="invitation-new"),
    path("invitations/<uuid:pk>/", invitations.invitation, name="invitation"),
    path("invitations/<uuid:pk>/edit/", invitations.invitation_edit, name="invitation-edit"),
    path("invitations/<uuid:pk>/close/", invitations.invitation_close, name="invitation-close"),
    path("invitations/<uuid:pk>/reopen/", invitations.invitation_reopen, name="invitation-reopen"),
    path("invitations/<uuid:pk>/delete/", invitations.invitation_delete, name="invitation-delete"),
    path("queue/", queue.queue, name="queue"),
    path("queue/claim/", queue.queue_claim, name="queue-claim"),
    path("assignments/<uuid:pk>/claim/", queue.assignment_claim, name="assignment-claim"),
    path("assignments/<uuid:pk>/release/", queue.assignment_release, name="assignment-release"),
    path("assignments/<uuid:pk>/clock/", queue.assignment_clock, name="assignment-clock"),
    path("queue/claim-batch/", batches.batch_claim, name="batch-claim"),
    path("batches/<uuid:token>/", batches.batch, name="batch"),
    path("batches/<uuid:token>/next/", batches.batch_next, name="batch-next"),
    path("batches/<uuid:token>/release/", batches.batch_release, name="batch-release"),
    path("reviews/", corrections.review_list, name="review-list"),
    path("reviews/<uuid:pk>/", grading.review, name="review"),
    path(
        "reviews/<uuid:pk>/answers/<int:position>/save/",
        grading.review_answer_save,
        name="review-answer-save",
    ),
    path(
        "reviews/<uuid:pk>/answers/<int:position>/comment/",
        grading.review_comment_save,
        name="review-answer-comment",
    ),
    path("reviews/<uuid:pk>/comment/", grading.review_comment_save, name="review-comment"),
    path(
        "reviews/<uuid:pk>/answers/<int:position>/versions/",
        versions.review_answer_versions,
        name="review-answer-versions",
    ),
    path("reviews/<uuid:pk>/summary/", grading.review_summary, name="review-summary"),
    path("reviews/<uuid:pk>/publish/", grading.review_publish, name="review-publish"),
    path("reviews/<uuid:pk>/take-back/", grading.review_take_back, name="review-take-back"),
    path("comment-bank/", bank.comment_bank, name="comment-bank"),
    path("comment-bank/<uuid:pk>/edit/", bank.banked_comment_edit, name="banked-comment-edit"),
    path(
        "comment-bank/<uuid:pk>/delete/", bank.banked_comment_delete, name="banked-comment-delete"
    ),
    path(
        "comment-bank/<uuid:pk>/restore/",
        bank.banked_comment_restore,
        name="banked-comment-restore",
    ),
    # Who leads the reviewers.
    path("team/", team.team, name="team"),
    path("reviews/<uuid:pk>/correct/", corrections.review_correct, name="review-correct"),
    path("reviews/<uuid:pk>/discard/", corrections.review_discard, name="review-discard"),
    path("second-looks/<uuid:pk>/", second_looks.second_look, name="second-look"),
    path(
        "second-looks/<uuid:pk>/take-back/",
        second_looks.second_look_take_back,
        name="second-look-take-back",
    ),
]
