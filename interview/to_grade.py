"""A reviewer's own review with all that a grading page shows: late texts, the candidate's own marks
and the reviewer's comment bank too."""

from collections import defaultdict
from uuid import UUID

from accounts.kept import KEY, NUMBER, PERSON, Kept, hang
from accounts.models import User
from interview.models import AcceptedText, Answer, Interview, Review, Revision
from interview.models.answers import MOST_LATE_TEXTS
from interview.models.reviews import ReviewQuerySet


def own(by: User, pk: UUID) -> ReviewQuerySet:
    return Review.objects.by(by).filter(pk=pk).with_own_marks_and_bank().with_rows()


OWN = Kept(own, by=PERSON, pk=KEY)
OWN_IN_BATCH = Kept(lambda by, pk, at: own(by, pk).with_batch_at(at), by=PERSON, pk=KEY, at=NUMBER)
ANSWERS = Kept(lambda pk: Answer.objects.filter(interview=pk).for_grading(), pk=KEY)
LATE = Kept(
    lambda pk: Revision.objects.filter(interview=pk).newest_late_of_each_page(),
    pk=KEY,
)
ACCEPTED = Kept(
    lambda pk: AcceptedText.objects.filter(review=pk).select_related("revision"), pk=KEY
)


def review_to_grade(pk: UUID, by: User, at: int | None = None) -> Review:
    """`with_batch_at()` the position, if there is one. Two queries, four where text came late.

    Raises:
        Http404: it isn't theirs.
    """
    if at is None:
        review = OWN.get_or_404(by=by, pk=pk)
    else:
        review = OWN_IN_BATCH.get_or_404(by=by, pk=pk, at=at)
    review.author = by
    answers = ANSWERS.fetch(pk=review.interview_id)
    hang_answers(review.interview, answers, with_late_texts=review.has_late_texts)
    accepted = ACCEPTED.fetch(pk=pk) if review.has_late_texts else []
    hang(review, "accepted_texts", accepted)
    return review


def hang_answers(interview: Interview, answers: list[Answer], *, with_late_texts: bool) -> None:
    """As prefetched, each with its few newest late texts: one query if there are some."""
    late = defaultdict(list)
    for revision in LATE.fetch(pk=interview.pk) if with_late_texts else []:
        late[revision.answer_id].append(revision)
    for answer in answers:
        answer.interview = interview
        answer.late_revisions = late[answer.pk][:MOST_LATE_TEXTS]
    hang(interview, "answers", answers)
