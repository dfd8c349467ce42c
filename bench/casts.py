"""Who takes part in a measurement. Each writes a line into a file for whatever shall be asked."""

from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import uuid4

from django.db import connection
from django.urls import reverse

from accounts.models import User
from bench import crowd_cast, fill, people, sitters
from config import demo
from interview.models import Assignment, BankedComment, Interview, Invitation, Mark, Review
from interview.saving import Save, save_answer
from interview.to_grade import review_to_grade
from questions.models import QuestionSet

SAT_SET = "k8s-services"
WAITING = 10
SITTINGS = 30
"""How many the measured candidate of `growth` has had."""
TEXT = "The kubelet restarts the container when its probe fails. " * 20


def pages(file: Path) -> None:
    """A room, a set, a queue and a grading page as they are on an ordinary day; the floor's hello.

    The room asks five questions; ten interviews wait, one is claimed and half marked.
    """
    [sitter] = people.people(["sitter"])
    [reviewer] = people.reviewers(["grader"])
    for other in people.people(f"waiting-{n}" for n in range(WAITING)):
        demo.sit_interview(other)
    review = graded_by(reviewer)
    interview = sit(sitter)
    [own], [floor], [graders] = (
        people.log_in([sitter]),
        people.log_in([sitter], people.DJANGOS),
        people.log_in([reviewer]),
    )
    write(
        file,
        [
            ("hello", floor, "/hello/"),
            ("room", own, reverse("answer", args=[interview.pk, 1])),
            ("set", own, reverse("set", args=[SAT_SET])),
            ("queue", graders, reverse("queue")),
            ("grade", graders, reverse("review", args=[review.pk]) + "?question=1"),
        ],
    )


def growth(file: Path, size: str) -> None:
    """Somebody with thirty interviews, a reviewer with as many reviews, and others around them.

    Beside the file is one of the same name with `.saves`: places for `lua/saves.lua`.
    """
    if size != "nothing":
        fill.around({"small": fill.SMALL, "large": fill.LARGE}[size])
    [sitter] = people.people(["sitter"])
    [reviewer] = people.reviewers(["grader"])
    invitations = [
        Invitation.objects.prepare(
            reviewer=reviewer,
            title=f"Round {n}",
            questions=list(QuestionSet.objects.get(slug=SAT_SET).questions.published()[:2]),
            minutes=20,
            mode=Interview.Mode.FREE,
            due_at=None,
        )
        for n in range(10)
    ]
    BankedComment.objects.bulk_create(
        BankedComment(owner=reviewer, text=f"Say why, {n}.") for n in range(20)
    )
    with connection.cursor() as cursor:
        # Before all others, so that they are claimed and reviewed first.
        for _ in range(SITTINGS):
            demo.sit_interview(sitter)
        cursor.execute(
            "UPDATE interview_assignment SET asked_at = asked_at - interval '25 days'"
            " WHERE interview_id IN (SELECT id FROM interview_interview WHERE candidate_id = %s)",
            [sitter.pk],
        )
    for _ in range(SITTINGS - 1):
        publish(graded_by(reviewer))
    review = graded_by(reviewer)
    feedback = Interview.objects.of(sitter).filter(assignments__done_at__isnull=False).first()
    assert feedback is not None
    interview = sit(sitter)
    [own], [graders] = people.log_in([sitter]), people.log_in([reviewer])
    sitters.seat(1_000, file.with_suffix(".saves"))
    write(
        file,
        [
            ("home", own, reverse("home")),
            ("sets", own, reverse("set-list")),
            ("set", own, reverse("set", args=[SAT_SET])),
            ("topics", own, reverse("topic-list")),
            ("topic", own, reverse("topic", args=["networking"])),
            ("stories", own, reverse("story-list")),
            ("notes", own, reverse("note-list")),
            ("my-interviews", own, reverse("interview-list")),
            ("compare", own, reverse("interview-compare")),
            ("start", own, reverse("interview-new")),
            ("room", own, reverse("answer", args=[interview.pk, 1])),
            ("feedback", own, reverse("feedback", args=[feedback.pk])),
            ("queue", graders, reverse("queue")),
            ("my-reviews", graders, reverse("review-list")),
            ("grade", graders, reverse("review", args=[review.pk]) + "?question=1"),
            ("invitations", graders, reverse("invitation-list")),
            ("invitation", graders, reverse("invitation", args=[invitations[0].pk])),
            ("bank", graders, reverse("comment-bank")),
        ],
    )


def sit(candidate: User) -> Interview:
    """An interview that is being sat, with a text at the first question."""
    question_set = QuestionSet.objects.get(slug=SAT_SET)
    interview = Interview.objects.start(
        candidate=candidate,
        title=question_set.title,
        question_set=question_set,
        questions=list(question_set.questions.published()),
        minutes=600,
        mode=Interview.Mode.FREE,
    )
    save = Save(text=TEXT, base=0, writer=uuid4(), sequence=1)
    save_answer(candidate=candidate, interview=interview.pk, position=1, save=save)
    return interview


def graded_by(reviewer: User) -> Review:
    """The reviewer's claim on what waits longest, with the first half of it marked."""
    review = Assignment.objects.claim_next(reviewer)
    assert review is not None
    mark(review, 3)
    return review_to_grade(review.pk, reviewer)


def mark(review: Review, most: int) -> None:
    assert review.assignment is not None
    token = Assignment.objects.get(pk=review.assignment.pk).token
    with review.writing(token):
        for graded in review.graded_answers()[:most]:
            keys = [point.key for point in graded.answer.question_version.key_points]
            review.mark(graded.answer, dict.fromkeys(keys, Mark.Value.HALF))
            review.comment_on(graded.answer, "Right, but say why.")


def publish(review: Review) -> None:
    """All marked, and visible at once."""
    mark(review, 100)
    assert review.assignment is not None
    token = Assignment.objects.get(pk=review.assignment.pk).token
    with review.writing(token):
        review.set_levels(dict.fromkeys(review.LEVELS, 3))
    review.publish(token)
    Review.objects.filter(pk=review.pk).update(visible_from=review.published_at)


def write(file: Path, lines: Iterable[tuple[str, str, str]]) -> None:
    file.write_text("".join(f"{name} {session} {path}\n" for name, session, path in lines))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


CASTS: dict[str, Callable[..., None]] = {
    "sitters": lambda file, count: sitters.seat(int(count), file),
    "pages": pages,
    "growth": growth,
    "crowd": lambda file, count: crowd_cast.crowd(file, int(count)),
}
