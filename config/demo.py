"""The demo's people, their interviews and an invitation. For one machine only."""

from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demo_practice import begin, practise
from interview.groups import EDITORS, LEADS, REVIEWERS
from interview.models import Interview, Invitation
from interview.saving import Save, save_answer
from questions.models import Question, QuestionSet

PASSWORD = "dry-run-demo"  # noqa: S105 - printed for everybody who starts the demo
CANDIDATE = "candidate@example.com"
REVIEWER = "reviewer@example.com"
EDITOR = "editor@example.com"

WAITING_SET = "k8s-kube-proxy"
ANSWERS = {
    "traffic-path": (
        "No. kube-proxy watches Services and EndpointSlices and writes rules; the kernel rewrites "
        "the destination of each new connection, and conntrack takes care of the rest.\n\n"
        "I'd check the mode with: curl localhost:10249/proxyMode"
    ),
    "control-plane-peer": "The API server. It never talks to etcd, only the API server does.",
}
"""What the candidate wrote, by question; the rest is left empty, as happens."""


def create() -> None:
    """Make the demo's people, what they did so far, and what waits for them; once."""
    if User.objects.filter(email=CANDIDATE).exists():
        return
    with transaction.atomic():
        candidate = person(CANDIDATE, "Casey Candidate")
        reviewer = person(REVIEWER, "Robin Reviewer", REVIEWERS)
        person(EDITOR, "Eli Editor", EDITORS, LEADS)
        practise(candidate, reviewer)
        sit_interview(candidate)
        prepare_invitation(reviewer)


def person(email: str, name: str, *groups: str) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, is_staff=EDITORS in groups)
    user.groups.set(Group.objects.filter(name__in=groups))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def sit_interview(candidate: User) -> None:
    """Sit one interview from start to the review queue, as a candidate would."""
    interview = begin(candidate, QuestionSet.objects.get(slug=WAITING_SET))
    writer = uuid4()
    for answer in interview.answers.select_related("question_version__question"):
        if text := ANSWERS.get(answer.question_version.question.slug):
            save = Save(text=text, base=0, writer=writer, sequence=1)
            save_answer(
                candidate=candidate, interview=interview.pk, position=answer.position, save=save
            )
    interview.finish()
    interview.reveal()
    interview.ask_for_review()


def prepare_invitation(reviewer: User) -> None:
    """One that is open for a month, with two basic questions."""
    basic = Question.objects.readable().filter(difficulty=Question.Difficulty.BASIC)
    questions = list(basic.order_by("question_set__slug", "position")[:2])
    month = timezone.now() + timedelta(days=30)
    Invitation.objects.prepare(
        reviewer=reviewer,
        title="First round: Kubernetes basics",
        questions=questions,
        minutes=sum(question.minutes for question in questions),
        mode=Interview.Mode.FREE,
        due_at=month.replace(hour=18, minute=0, second=0, microsecond=0),
    )


def welcome(address: str) -> str:
    """What `make run` prints: where to go, and as whom."""
    people = "\n".join(
        f"    {role:<11}{email}"
        for role, email in (
            ("candidate", CANDIDATE),
            ("reviewer", REVIEWER),
            ("editor", EDITOR),
        )
    )
    return (
        f"\nDry Run is at {address}\n\n"
        f"  Log in as one of these, password {PASSWORD}\n{people}\n\n"
        "  Mail is printed here instead of being sent. Ctrl-C stops everything; nothing is lost.\n"
    )
