"""A candidate's own interview with all that the self-score shows, by kept queries."""

from uuid import UUID

from accounts.kept import KEY, PERSON, Kept
from accounts.models import User
from interview.models import Answer, Interview
from interview.to_grade import hang_answers

OWN = Kept(
    lambda by, pk: Interview.objects.of(by).for_self_score().filter(pk=pk), by=PERSON, pk=KEY
)
ANSWERS = Kept(lambda pk: Answer.objects.filter(interview=pk).for_reading(), pk=KEY)


def interview_to_score(pk: UUID, by: User) -> Interview:
    """Two queries, three where text came late.

    Raises:
        Http404: it isn't theirs.
    """
    interview = OWN.get_or_404(by=by, pk=pk)
    hang_answers(interview, ANSWERS.fetch(pk=pk), with_late_texts=interview.has_late_texts)
    return interview
