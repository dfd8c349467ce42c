"""What the demo's candidate practised in the last two months, so that there is progress to see."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.utils import timezone

from accounts.models import User
from interview.models import Interview, Mark, Review, Revision
from interview.saving import Save, save_answer
from questions.models import QuestionSet


class Sitting(NamedTuple):
    days_ago: int
    slug: str
    own: int | None
    """Of ten key points, how many the candidate takes to be full; None if they didn't say."""
    reviewers: int | None
    """How many are full; None if nobody reviewed it."""


SITTINGS = (
    Sitting(66, "k8s-storage", 6, 3),
    Sitting(46, "k8s-services", 7, 4),
    Sitting(38, "k8s-security", 6, None),
    Sitting(17, "k8s-storage", 7, 6),
    Sitting(10, "k8s-troubleshooting", None, 5),
    Sitting(3, "k8s-services", 8, 8),
)
"""In the order of time, as their ids are."""
TAKEN = timedelta(minutes=21)
UNTIL_REVIEWED = timedelta(hours=19)
LEVELS = {"knowledge": 3, "reasoning": 2, "communication": 3}

Marks = Mapping[int, Mapping[str, str]]
"""By position and key."""


def practise(candidate: User, reviewer: User) -> None:
    """Sit them as a candidate would, with a reviewer's marks where there are some; then date them
    back. What the newest review says is new to the candidate.
    """
    reviewed = [sitting for sitting in SITTINGS if sitting.reviewers is not None]
    for sitting in SITTINGS:
        question_set = QuestionSet.objects.filter(slug=sitting.slug).first()
        if question_set is None:
            continue
        interview = sit(candidate, question_set, sitting)
        if sitting.reviewers is not None:
            review(interview, reviewer, marks_of(interview, sitting.reviewers))
        date_back(interview, timedelta(days=sitting.days_ago))
        if sitting.reviewers is not None and sitting is not reviewed[-1]:
            interview.mark_feedback_read(timezone.now())


def begin(candidate: User, question_set: QuestionSet) -> Interview:
    """All that the set asks, in free order, in the time it is meant to take."""
    questions = list(question_set.questions.published())
    return Interview.objects.start(
        candidate=candidate,
        title=question_set.title,
        question_set=question_set,
        questions=questions,
        minutes=sum(question.minutes for question in questions),
        mode=Interview.Mode.FREE,
    )


def sit(candidate: User, question_set: QuestionSet, sitting: Sitting) -> Interview:
    """From start to self-score; the answers say what will be found in them."""
    interview = begin(candidate, question_set)
    found = marks_of(interview, sitting.reviewers or sitting.own or 0)
    for answer in interview.answers.select_related("question_version"):
        said = [
            point.text
            for point in answer.question_version.key_points
            if found[answer.position][point.key] != Mark.Value.MISSED
        ]
        if said:
            save = Save(text="\n".join(said), base=0, writer=uuid4(), sequence=1)
            save_answer(
                candidate=candidate, interview=interview.pk, position=answer.position, save=save
            )
    interview.finish()
    if sitting.own is None:
        interview.reveal()
    else:
        interview.score_yourself(marks_of(interview, sitting.own))
    return interview


def review(interview: Interview, reviewer: User, marks: Marks) -> None:
    interview.ask_for_review()
    assignment = interview.assignments.get()
    draft = assignment.claim(reviewer)
    assignment.refresh_from_db()
    with draft.writing(assignment.token):
        for answer in interview.answers.select_related("question_version"):
            draft.mark(answer, marks[answer.position])
        draft.set_levels(LEVELS)
        draft.comment_on(None, "Right on what matters. Say how you would verify it.")
    draft.publish(assignment.token)


def marks_of(interview: Interview, strength: int) -> Marks:
    """Of ten key points as many full ones; the others are half or missed in turn."""

    def values() -> Iterator[str]:
        number = 0
        while True:
            place = number * 7 % 10
            number += 1
            if place < strength:
                yield Mark.Value.FULL
            else:
                yield Mark.Value.HALF if place % 2 else Mark.Value.MISSED

    mark = values()
    answers = interview.answers.select_related("question_version").order_by("position")
    return {
        answer.position: {point.key: next(mark) for point in answer.question_version.key_points}
        for answer in answers
    }


def date_back(interview: Interview, time: timedelta) -> None:
    """As if it had been sat that long ago, taken its while and been reviewed the next day.

    Nobody is mailed of a review that is as old as that.
    """

    def earlier(*fields: str, but: timedelta = timedelta()) -> dict[str, CombinedExpression]:
        return {field: F(field) - time + but for field in fields}

    Interview.objects.filter(pk=interview.pk).update(
        **earlier("started_at", "deadline"), **earlier("ended_at", "revealed_at", but=TAKEN)
    )
    interview.answers.update(
        **earlier("opened_at", "closes_at", "accepts_until", "kept_at", "saved_at")
    )
    Revision.objects.filter(interview=interview).update(**earlier("saved_at"))
    interview.assignments.update(
        **earlier("asked_at", but=TAKEN), **earlier("done_at", but=UNTIL_REVIEWED)
    )
    own = interview.reviews.filter(kind=Review.Kind.SELF)
    own.update(**earlier("created_at", "published_at", "visible_from", but=TAKEN))
    others = interview.reviews.exclude(kind=Review.Kind.SELF)
    others.update(
        **earlier("created_at", "published_at", "visible_from", but=UNTIL_REVIEWED),
        mailed_at=timezone.now(),
    )
