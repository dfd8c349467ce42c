"""The demo's people and their finished interview. For one machine only."""

from uuid import uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from interview.groups import EDITORS, REVIEWERS
from interview.models import Interview
from interview.saving import Save, save_answer
from questions.models import QuestionSet

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
    """Make whoever of the demo's people is missing, and one interview that waits for review."""
    if User.objects.filter(email=CANDIDATE).exists():
        return
    with transaction.atomic():
        candidate = person(CANDIDATE, "Casey Candidate")
        person(REVIEWER, "Robin Reviewer", REVIEWERS)
        person(EDITOR, "Eli Editor", EDITORS)
        sit_interview(candidate)


def person(email: str, name: str, *groups: str) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, is_staff=EDITORS in groups)
    user.groups.set(Group.objects.filter(name__in=groups))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def sit_interview(candidate: User) -> None:
    """Sit one interview from start to the review queue, as a candidate would."""
    question_set = QuestionSet.objects.get(slug=WAITING_SET)
    questions = list(question_set.questions.published())
    interview = Interview.objects.start(
        candidate=candidate,
        title=question_set.title,
        question_set=question_set,
        questions=questions,
        minutes=sum(question.minutes for question in questions),
        mode=Interview.Mode.FREE,
    )
    writer = uuid4()
    for position, question in enumerate(questions, start=1):
        if text := ANSWERS.get(question.slug):
            save = Save(text=text, base=0, writer=writer, sequence=1)
            save_answer(candidate=candidate, interview=interview.pk, position=position, save=save)
    interview.finish()
    interview.reveal()
    interview.ask_for_review()


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
