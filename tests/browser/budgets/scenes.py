"""What several tours begin with: the set that is sat, a sitting, a long history."""

from datetime import timedelta

from django.db.models.functions import Length

from accounts.models import User
from interview.clock import database_now
from interview.models import Interview
from questions.models import Question, QuestionSet
from tests.conftest import move_back, start_interview, write

SET = "k8s-networking-health-storage"
ANSWER = (
    "A readiness probe takes the Pod out of its Services, a liveness probe restarts it.\n\n"
    "  kubectl get endpointslices -l kubernetes.io/service-name=shop -o yaml\n\n" + "w" * 300
)
TABLE_OF_MODES = "| Mode | Price |\n| --- | --: |\n| iptables | 1 |"


def question_set() -> QuestionSet:
    return QuestionSet.objects.get(slug=SET)


def sit(candidate: User, mode: str = Interview.Mode.FREE) -> Interview:
    return start_interview(candidate, question_set(), mode)


def sit_through(candidate: User) -> Interview:
    """An interview with every other question answered, and ended."""
    interview = sit(candidate)
    for position in (1, 3, 5):
        write(interview, position, ANSWER)
    interview.finish()
    return interview


def leave_minutes(interview: Interview, minutes: int) -> None:
    """Let so many be left of its time, however long the tour took until here."""
    interview.refresh_from_db()
    assert interview.deadline
    too_many = interview.deadline - database_now() - timedelta(minutes=minutes)
    move_back(interview, f"{too_many.total_seconds()} seconds")


def fill_history(interview: Interview) -> None:
    """Fifty versions of the third answer, of 3,000 words and one without end."""
    answer = interview.answers.get(position=3)
    interview.answers.filter(position=3).update(last_revision=51)
    # Each word another one: what compresses best weighs nothing.
    words = [f"{word.lower()}{n % 90}" for n, word in enumerate(ANSWER.split()[:20] * 150)]
    for number in range(2, 52):
        text = " ".join(["w" * 300, *words[:2800], *[f"{number}"] * (number % 9)])
        answer.revisions.create(
            interview=interview, number=number, text=text, saved_at=interview.started_at
        )
    write(interview, 3, " ".join(words[100:]))


def longest_question() -> Question:
    question = Question.objects.order_by(Length("answer").desc()).first()
    assert question
    return question
