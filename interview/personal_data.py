"""What somebody did here, as candidate, reviewer and editor, for their export."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Now

from accounts.models import User
from interview.models import (
    AcceptedText,
    Answer,
    Assignment,
    BankedComment,
    Comment,
    Interview,
    Invitation,
    InvitationQuestion,
    Mark,
    Review,
    SecondLook,
    Unblinding,
)
from questions.models import QuestionVersion

INVITATION_QUESTIONS = Prefetch(
    "invitationquestion_set",
    InvitationQuestion.objects.order_by("position").select_related("question"),
)
ANSWERS = Answer.objects.order_by("position").select_related("question_version")
ACCEPTED = AcceptedText.objects.select_related("revision")


LOOKS = SecondLook.objects.select_related("answer__question_version", "mark")


def interviews_of(candidate: User) -> Iterator[dict[str, Any]]:
    """Their sittings with all that hangs on them, one by one. Ten queries for each 20.

    Reviewers stay unnamed, and a review is in it from when the candidate may read it. The
    pseudonym is left out: who knows it could tell a reviewer whose interview that is.
    """
    reviews = Review.objects.filter(Q(kind__in=Review.OWN_KINDS) | Q(visible_from__lte=Now()))
    interviews = (
        Interview.objects.of(candidate)
        .order_by("id")
        .select_related("question_set", "invitation")
        .prefetch_related(
            Prefetch("answers", ANSWERS),
            "answers__revisions",
            Prefetch("assignments", Assignment.objects.order_by("slot")),
            Prefetch("assignments__second_looks", LOOKS.order_by("asked_at")),
            Prefetch("unblindings", Unblinding.objects.order_by("at")),
            Prefetch("reviews", reviews.order_by("id")),
            "reviews__marks",
            "reviews__comments",
            Prefetch("reviews__accepted_texts", ACCEPTED),
        )
    )
    # A long history is many megabytes: no more than these are in memory at a time.
    for interview in interviews.iterator(chunk_size=20):
        yield interview_data(interview)


def interview_data(interview: Interview) -> dict[str, Any]:
    answers = list(interview.answers.all())
    ended = interview.has_ended()
    return {
        "id": interview.pk,
        "title": interview.title,
        "set": interview.question_set.slug if interview.question_set else None,
        "mix": interview.mix,
        "invitation": interview.invitation.title if interview.invitation else None,
        "mode": interview.mode,
        "limit": interview.limit,
        "time_factor": interview.time_factor,
        "started_at": interview.started_at,
        "deadline": interview.deadline,
        "ended_at": interview.ended_at,
        "revealed_at": interview.revealed_at,
        "extensions": interview.extensions,
        "feedback_read_at": interview.feedback_read_at,
        "answers": [answer_data(answer, ended) for answer in answers],
        "asked_for_review_at": [each.asked_at for each in interview.assignments.all()],
        "reviews": [review_data(review, answers) for review in interview.reviews.all()],
        "second_looks": [
            {"asked_at": look.asked_at, **look_data(look, answered=look.is_visible)}
            for assignment in interview.assignments.all()
            for look in assignment.second_looks.all()
        ],
        "unblinded": [{"at": one.at, "reason": one.reason} for one in interview.unblindings.all()],
    }


def look_data(look: SecondLook, *, answered: bool) -> dict[str, Any]:
    """As both sides know it, without who asked and who answered."""
    return {
        "question": look.answer.position,
        "prompt": look.answer.question_version.prompt,
        "key_point": look.key,
        "mark": look.mark.value,
        "reason": look.reason,
        "answered_at": look.answered_at if answered else None,
        "mark_by_the_answer": look.value if answered else None,
        "reply": look.reply if answered else None,
    }


def looks_answered_by(reviewer: User) -> list[dict[str, Any]]:
    """With the pseudonym, and without when they were asked. One query."""
    looks = LOOKS.filter(answered_by=reviewer).exclude(interview__candidate=reviewer)
    return [
        {"pseudonym": look.assignment.pseudonym, **look_data(look, answered=True)}
        for look in looks.select_related("assignment").order_by("answered_at")
    ]


def answer_data(answer: Answer, ended: bool) -> dict[str, Any]:
    """One answer with its history. What is still to be opened is not told before the end."""
    asked = ended or answer.opened_at is not None
    return {
        "position": answer.position,
        "question": answer.question_version.prompt if asked else None,
        "minutes": answer.minutes,
        "opened_at": answer.opened_at,
        "closes_at": answer.closes_at,
        "flagged": answer.flagged,
        "text": answer.text,
        "revision": answer.revision,
        "saved_at": answer.saved_at,
        "history": [
            {
                "revision": revision.number,
                "kind": revision.kind,
                "text": revision.text,
                "saved_at": revision.saved_at,
                "late_by": revision.late_by,
            }
            for revision in answer.revisions.all()
        ],
    }


def reviews_by(reviewer: User) -> list[dict[str, Any]]:
    """What they wrote on others' interviews. Five queries, however much it is.

    Says of these others no more than the grading page does: a pseudonym, never name or times.
    """
    reviews = (
        Review.objects.filter(author=reviewer)
        .exclude(interview__candidate=reviewer)
        .order_by("id")
        .select_related("assignment", "interview")
        .prefetch_related(
            Prefetch("interview__answers", ANSWERS),
            "marks",
            "comments",
            Prefetch("accepted_texts", ACCEPTED),
        )
    )
    return [
        {
            "pseudonym": review.assignment.pseudonym if review.assignment else None,
            "begun_at": review.created_at,
            **review_data(review, list(review.interview.answers.all())),
        }
        for review in reviews
    ]


def review_data(review: Review, answers: list[Answer]) -> dict[str, Any]:
    """A review as both sides know it, without who wrote it and whom it is on."""
    asked = {answer.pk: answer for answer in answers}
    accepted = {text.answer_id: text for text in review.accepted_texts.all()}
    return {
        "kind": review.kind,
        "published_at": review.published_at,
        "score": review.score,
        **{level: getattr(review, level) for level in Review.LEVELS},
        "reason": review.reason,
        "marks": [mark_data(mark, asked[mark.answer_id], accepted) for mark in review.marks.all()],
        "comments": [comment_data(comment, asked) for comment in review.comments.all()],
        "accepted_late_texts": [
            accepted_data(text, asked[text.answer_id]) for text in accepted.values()
        ],
    }


def comment_data(comment: Comment, asked: dict[int, Answer]) -> dict[str, Any]:
    """Without a question it is a comment on the whole interview."""
    question = asked[comment.answer_id].position if comment.answer_id else None
    return {"question": question, "text": comment.text}


def accepted_data(accepted: AcceptedText, answer: Answer) -> dict[str, Any]:
    """By its delay: the number of its revision would tell a reviewer how long somebody wrote."""
    return {"question": answer.position, "came_late_by": accepted.revision.lateness}


def mark_data(mark: Mark, answer: Answer, accepted: Mapping[int, AcceptedText]) -> dict[str, Any]:
    """A mark with the words it cites: where they stand in which revision would tell a time."""
    texts = {answer.revision: answer.text}
    if answer.pk in accepted:
        texts[accepted[answer.pk].number] = accepted[answer.pk].revision.text
    text = texts.get(mark.quote_revision or -1)
    return {
        "question": answer.position,
        "prompt": answer.question_version.prompt,
        "key_point": mark.key,
        "mark": mark.value,
        "quote": None if text is None else text[mark.quote_start : mark.quote_end],
    }


def work_of(user: User) -> dict[str, Any]:
    """What they wrote and hold as reviewer and as editor."""
    return {
        "reviews_written": reviews_by(user),
        "comment_bank": list(BankedComment.objects.of(user).values("text", "deleted_at")),
        "second_looks_answered": looks_answered_by(user),
        "unblindings_made": list(
            Unblinding.objects.filter(by=user).order_by("at").values("pseudonym", "at", "reason")
        ),
        "claims": list(Assignment.objects.filter(holder=user).values("pseudonym", "lease_ends_at")),
        "invitations_made": [
            {
                "title": invitation.title,
                "mode": invitation.mode,
                "minutes": invitation.minutes,
                "made_at": invitation.created_at,
                "due_at": invitation.due_at,
                "closed_at": invitation.closed_at,
                "questions": [
                    place.question.prompt for place in invitation.invitationquestion_set.all()
                ],
            }
            for invitation in Invitation.objects.of(user).prefetch_related(INVITATION_QUESTIONS)
        ],
        "question_versions_written": [
            {
                "question": f"{version.question.question_set.slug}/{version.question.slug}",
                "number": version.number,
                "made_at": version.created_at,
            }
            for version in QuestionVersion.objects.filter(created_by=user)
            .order_by("pk")
            .select_related("question__question_set")
        ],
    }
