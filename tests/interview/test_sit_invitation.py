"""Somebody follows the link of an invitation and sits it, once and in time."""

import logging
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from threading import Event
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import TimingProfile, User
from config.logs import WithoutSecrets
from interview.clock import database_now
from interview.models import Interview, Invitation
from interview.models.interviews import AlreadySitting, NotOpen
from questions.models import Question, QuestionSet, Status
from tests.conftest import PASSWORD, move_back, start_interview, write
from tests.interview.inviting import asked_by, invite_to, let_it_be_due, sit_to_the_end
from tests.races import race, wait_until_somebody_waits

ClientOf = Callable[[User], Client]


@pytest.fixture
def invitation(reviewer: User, question_set: QuestionSet) -> Invitation:
    return invite_to(reviewer, question_set)


@pytest.fixture
def link(invitation: Invitation) -> str:
    return reverse("invite", args=[invitation.secret])


@pytest.fixture
def tab(candidate: User, client_of: ClientOf) -> Client:
    return client_of(candidate)


# What the link shows.


def test_a_stranger_sees_what_it_is_and_from_whom(client: Client, link: str) -> None:
    html = client.get(link).content.decode()
    for words in ("Round one", "An invitation by Reviewer", "<dd>3</dd>", "<dd>20</dd>"):
        assert words in html
    assert "Free: one clock" in html
    due = Invitation.objects.get().due_at
    assert due is not None
    assert f"{due:%Y}" in html
    assert 'name="robots" content="noindex"' in html


def test_a_reviewer_without_a_name_stays_without_one(
    client: Client, link: str, reviewer: User
) -> None:
    User.objects.update(name="")
    html = client.get(link).content.decode()
    assert "An invitation by a reviewer" in html
    assert reviewer.email not in html


@pytest.mark.parametrize("who", ["stranger", "candidate", "reviewer"])
def test_what_is_asked_stays_secret_until_the_start(
    link: str, who: str, candidate: User, reviewer: User, client_of: ClientOf
) -> None:
    people = {"candidate": candidate, "reviewer": reviewer}
    client = client_of(people[who]) if who in people else Client()
    html = client.get(link).content.decode()
    assert "Round one" in html
    assert "What is question" not in html
    assert "Basics" not in html


def test_the_candidate_is_told_before_the_start_what_the_inviter_will_see(
    tab: Client, link: str
) -> None:
    html = tab.get(link).content.decode()
    assert "When you have ended it, Reviewer sees that you sat it" in html
    assert "Not when, nor how long you took." in html
    assert "under a made-up name" in html


@pytest.mark.parametrize(
    "secret", ["unknown", "x" * 22, "x" * 500, "a b", "a%00b", "%F0%9F%99%82", "..", "-"]
)
def test_an_unknown_or_malformed_link_is_the_same_404(
    client: Client, invitation: Invitation, secret: str
) -> None:
    known_wrong = client.get("/invite/AAAAAAAAAAAAAAAAAAAAAA/")
    reply = client.get(f"/invite/{secret}/")
    assert reply.status_code == known_wrong.status_code == 404
    # Each page offers a log-in that leads back to its own address.
    assert (
        reply.content.decode().split("?next=")[0]
        == (known_wrong.content.decode().split("?next=")[0])
    )


def test_a_secret_is_taken_letter_by_letter(client: Client, invitation: Invitation) -> None:
    Invitation.objects.update(secret="AbCdEfGhIjKlMnOpQrStUv")
    assert client.get("/invite/AbCdEfGhIjKlMnOpQrStUv/").status_code == 200
    assert client.get("/invite/abcdefghijklmnopqrstuv/").status_code == 404


def test_the_link_is_told_to_no_other_site_and_kept_in_no_cache(client: Client, link: str) -> None:
    reply = client.get(link)
    # Not no-referrer: browsers then hide the origin of the start's form, and it is refused.
    assert reply["Referrer-Policy"] == "same-origin"
    assert "no-store" in reply["Cache-Control"]


def test_the_log_does_not_tell_the_link(link: str, invitation: Invitation) -> None:
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "%s: %s", ("Internal Server Error", link), None
    )
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Internal Server Error: /invite/…/"


def test_a_page_of_the_link_costs_the_same_for_one_question_as_for_thirty(
    tab: Client, reviewer: User, question_set: QuestionSet
) -> None:
    def queries(questions: list[Question]) -> int:
        invitation = invite_to(reviewer, question_set, questions=questions)
        with CaptureQueriesContext(connection) as found:
            assert tab.get(reverse("invite", args=[invitation.secret])).status_code == 200
        return len(found)

    few = queries(list(question_set.questions.all()[:1]))
    more = Question.objects.bulk_create(
        Question(question_set=question_set, slug=f"more-{n}", prompt=f"More {n}?")
        for n in range(30)
    )
    assert queries(more) == few
    assert few <= 8


# On the way.


def test_signing_up_on_the_way_leads_back_to_it(client: Client, link: str) -> None:
    html = client.get(link).content.decode()
    sign_up = f"{reverse('account_signup')}?next={quote(link)}"
    # The buttons of the page, and those of every page's head.
    assert html.count(f'href="{sign_up}"') == 2
    assert html.count(f'href="{reverse("account_login")}?next={quote(link)}"') == 2
    page = client.get(sign_up).content.decode()
    assert f'name="next" value="{link}"' in page
    reply = client.post(
        reverse("account_signup"),
        {"email": "ada@example.com", "password1": "a-long-enough-phrase", "next": link},
    )
    assert reply["Location"] == link
    assert "Start</button>" in client.get(link).content.decode()
    assert not Interview.objects.exists()


def test_logging_in_on_the_way_leads_back_to_it(client: Client, link: str, candidate: User) -> None:
    # Also by way of the other page: it keeps where to go.
    page = client.get(f"{reverse('account_signup')}?next={quote(link)}").content.decode()
    assert f"{reverse('account_login')}?next={quote(link, safe='')}" in page
    reply = client.post(
        reverse("account_login"), {"login": candidate.email, "password": PASSWORD, "next": link}
    )
    assert reply["Location"] == link


def test_a_start_without_a_log_in_leads_to_one_and_back(client: Client, link: str) -> None:
    reply = client.post(link)
    assert reply["Location"] == f"{reverse('account_login')}?next={link}"
    assert not Interview.objects.exists()


def test_the_timing_profile_is_changed_by_the_start(
    tab: Client, link: str, candidate: User
) -> None:
    TimingProfile.objects.create(user=candidate, factor="1.50", show_clock=False)
    html = tab.get(link).content.decode()
    assert "1.5 times the minutes, clock hidden" in html
    wrong = tab.post(link, {"time": "other", "factor": "11"}).content.decode()
    assert "Enter a number from 1 to 10." in wrong
    assert not Interview.objects.exists()
    tab.post(link, {"time": "2", "show_clock": "on", "announcements": ["10"]})
    interview = Interview.objects.get()
    assert interview.deadline == interview.started_at + timedelta(minutes=40)


# Starting.


def test_one_press_starts_what_was_prepared(
    tab: Client, link: str, invitation: Invitation, question_set: QuestionSet, candidate: User
) -> None:
    first, second, third = question_set.questions.order_by("position")
    invitation.rewrite(
        title="Round one",
        questions=[third, first],
        minutes=9,
        mode=Interview.Mode.ONE_AT_A_TIME,
        due_at=None,
    )
    reply = tab.post(link)
    interview = Interview.objects.get()
    assert reply["Location"] == reverse("interview", args=[interview.pk])
    assert (interview.candidate, interview.invitation) == (candidate, invitation)
    assert (interview.title, interview.mode) == ("Round one", Interview.Mode.ONE_AT_A_TIME)
    assert interview.limit == timedelta(minutes=9)
    prompts = [a.question_version.prompt for a in interview.answers.order_by("position")]
    assert prompts == [third.prompt, first.prompt]
    assert second.prompt not in prompts


def test_the_factor_applies_to_the_fixed_limit(invitation: Invitation, candidate: User) -> None:
    TimingProfile.objects.create(user=candidate, factor=Decimal("2.5"))
    interview = invitation.start(candidate)
    assert interview.deadline == interview.started_at + timedelta(minutes=50)
    assert interview.limit == timedelta(minutes=20)


def test_visiting_starts_nothing(tab: Client, link: str) -> None:
    tab.get(link)
    tab.head(link)
    assert not Interview.objects.exists()


def test_a_question_retired_since_is_still_asked(
    invitation: Invitation, candidate: User, question_set: QuestionSet
) -> None:
    question_set.questions.filter(position=1).update(status=Status.RETIRED)
    QuestionSet.objects.update(status=Status.RETIRED)
    assert invitation.start(candidate).answers.count() == 3


def test_a_question_that_is_a_draft_again_is_not_asked(
    tab: Client, link: str, invitation: Invitation, candidate: User, question_set: QuestionSet
) -> None:
    question_set.questions.filter(position=1).update(status=Status.DRAFT)
    assert "<dd>2</dd>" in tab.get(link).content.decode()
    assert len(asked_by(invitation)) == invitation.start(candidate).answers.count() == 2


def test_with_nothing_left_to_ask_nothing_starts(
    tab: Client, link: str, question_set: QuestionSet
) -> None:
    QuestionSet.objects.update(status=Status.DRAFT)
    html = tab.post(link, follow=True).content.decode()
    assert "its questions are being rewritten" in html
    assert not Interview.objects.exists()


def test_an_edit_after_the_start_changes_nothing_for_who_sits(
    invitation: Invitation, candidate: User, question_set: QuestionSet
) -> None:
    interview = invitation.start(candidate)
    invitation.rewrite(
        title="Other",
        questions=list(question_set.questions.all()[:1]),
        minutes=1,
        mode=Interview.Mode.ONE_AT_A_TIME,
        due_at=None,
    )
    interview.refresh_from_db()
    assert (interview.title, interview.mode, interview.answers.count()) == ("Round one", "free", 3)
    write(interview, 3, "Still asked.")


def test_the_inviter_looks_but_does_not_sit(
    invitation: Invitation, link: str, reviewer: User, client_of: ClientOf
) -> None:
    desk = client_of(reviewer)
    html = desk.get(link).content.decode()
    assert "This is your own invitation." in html
    assert reverse("invitation", args=[invitation.pk]) in html
    assert "Start</button>" not in html
    desk.post(link)
    assert not Interview.objects.exists()


def test_another_reviewer_sits_it_as_anybody_does(
    invitation: Invitation, link: str, other_reviewer: User, client_of: ClientOf
) -> None:
    client_of(other_reviewer).post(link)
    assert Interview.objects.get().candidate == other_reviewer


# Once.


def test_the_second_visit_leads_to_the_sitting_and_after_it_to_its_feedback(
    tab: Client, link: str, invitation: Invitation, candidate: User
) -> None:
    interview = invitation.start(candidate)
    for visit in (tab.get, tab.post):
        assert visit(link)["Location"] == reverse("interview", args=[interview.pk])
    interview.finish()
    interview.reveal()
    for visit in (tab.get, tab.post):
        page = visit(link, follow=True)
        assert page.redirect_chain[-1][0] == reverse("feedback", args=[interview.pk])
    assert Interview.objects.count() == 1


def test_nobody_sits_it_twice_even_after_the_end(invitation: Invitation, candidate: User) -> None:
    first = sit_to_the_end(invitation, candidate)
    assert invitation.start(candidate) == first
    assert Interview.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_starts_once(invitation: Invitation, candidate: User) -> None:
    outcomes = race(6, lambda: invitation.start(candidate))
    assert set(outcomes) == {Interview.objects.get()}


@pytest.mark.django_db(transaction=True)
def test_eight_people_start_at_once(invitation: Invitation, person: Callable[..., User]) -> None:
    people = [person(f"sitter-{n}") for n in range(8)]

    def start_of(candidate: User) -> Callable[[], Interview]:
        return lambda: invitation.start(candidate)

    outcomes = race(*(start_of(candidate) for candidate in people))
    assert all(isinstance(outcome, Interview) for outcome in outcomes), outcomes
    assert invitation.interviews.count() == 8


def test_another_unfinished_sitting_is_told_with_the_ways_out(
    tab: Client, link: str, running_interview: Interview
) -> None:
    html = tab.get(link).content.decode()
    assert "You have an interview running: Basics." in html
    assert reverse("interview", args=[running_interview.pk]) in html
    assert reverse("interview-finish", args=[running_interview.pk]) in html
    html = tab.post(link, follow=True).content.decode()
    assert "Nothing was started" in html
    assert Interview.objects.get() == running_interview


def test_an_overdue_sitting_is_in_nobodys_way(
    tab: Client, link: str, running_interview: Interview, invitation: Invitation
) -> None:
    move_back(running_interview, "1 hour")
    assert "You have an interview running" not in tab.get(link).content.decode()
    tab.post(link)
    assert Interview.objects.unfinished().get().invitation == invitation


@pytest.mark.django_db(transaction=True)
def test_of_an_invitation_and_another_interview_at_once_one_starts(
    invitation: Invitation, candidate: User, question_set: QuestionSet
) -> None:
    outcomes = race(
        3, lambda: invitation.start(candidate), 3, lambda: start_interview(candidate, question_set)
    )
    winner = Interview.objects.get()
    assert winner in outcomes
    assert {type(outcome) for outcome in outcomes} <= {Interview, AlreadySitting}


# In time.


@pytest.mark.parametrize("end", ["closed", "due"])
def test_after_the_end_a_kind_page_says_so_and_nothing_starts(
    tab: Client, client: Client, link: str, invitation: Invitation, end: str
) -> None:
    if end == "due":
        let_it_be_due(invitation)
    else:
        invitation.close()
    sentence = "could be started until" if end == "due" else "This interview is closed"
    for visitor in (tab, client):
        reply = visitor.get(link)
        assert reply.status_code == 200
        assert sentence in reply.content.decode()
        assert "Ask whoever sent you the link" in reply.content.decode()
        assert "Start</button>" not in reply.content.decode()
    assert sentence in tab.post(link, follow=True).content.decode()
    assert not Interview.objects.exists()


def test_the_databases_clock_decides(invitation: Invitation, candidate: User) -> None:
    """Not that of the object, which a page may have read long ago."""
    Invitation.objects.filter(pk=invitation.pk).update(due_at=database_now())
    with pytest.raises(NotOpen):
        invitation.start(candidate)
    Invitation.objects.filter(pk=invitation.pk).update(due_at=database_now() + timedelta(minutes=1))
    assert invitation.start(candidate)


def test_who_started_before_the_end_goes_on(
    tab: Client, link: str, invitation: Invitation, candidate: User
) -> None:
    interview = invitation.start(candidate)
    deadline = interview.deadline
    let_it_be_due(invitation)
    invitation.close()
    interview.refresh_from_db()
    assert interview.deadline == deadline
    assert tab.get(link)["Location"] == reverse("interview", args=[interview.pk])
    write(interview, 1, "After the due date.")
    assert interview.finish()


def test_reopening_lets_people_start_again(invitation: Invitation, candidate: User) -> None:
    invitation.close()
    with pytest.raises(NotOpen):
        invitation.start(candidate)
    invitation.reopen()
    assert invitation.start(candidate)


def test_a_deleted_invitation_leads_nowhere(tab: Client, link: str, invitation: Invitation) -> None:
    assert invitation.delete_unsat()
    assert tab.get(link).status_code == 404
    assert tab.post(link).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_no_sitting_starts_after_the_close(
    invitation: Invitation, person: Callable[..., User]
) -> None:
    people = [person(f"sitter-{n}") for n in range(5)]

    def start_of(candidate: User) -> Callable[[], Interview]:
        return lambda: invitation.start(candidate)

    *starts, closed = race(*(start_of(candidate) for candidate in people), invitation.close)
    assert closed is True
    closed_at = Invitation.objects.get().closed_at
    assert closed_at is not None
    assert all(isinstance(start, (Interview, NotOpen)) for start in starts), starts
    assert all(interview.started_at < closed_at for interview in Interview.objects.all())


@pytest.mark.django_db(transaction=True)
def test_a_start_waits_for_a_close_that_came_first(invitation: Invitation, candidate: User) -> None:
    closing = Event()

    def close_slowly() -> None:
        with transaction.atomic():
            invitation.close()
            closing.set()
            wait_until_somebody_waits()

    def start() -> Interview:
        assert closing.wait(timeout=10)
        return invitation.start(candidate)

    outcomes = race(close_slowly, start)
    assert isinstance(outcomes[1], NotOpen), outcomes
    assert not Interview.objects.exists()


# The end.


def test_asking_for_a_review_is_on_even_if_nothing_was_written(
    tab: Client, invitation: Invitation, candidate: User
) -> None:
    interview = invitation.start(candidate)
    html = tab.get(reverse("interview-finish", args=[interview.pk])).content.decode()
    assert 'aria-describedby="id_ask_for_review_helptext" checked' in html
    assert "Whoever invited you gets them first" in html


def test_asking_is_off_for_an_empty_interview_of_ones_own(
    tab: Client, running_interview: Interview
) -> None:
    html = tab.get(reverse("interview-finish", args=[running_interview.pk])).content.decode()
    assert 'aria-describedby="id_ask_for_review_helptext" checked' not in html
    assert "invited you" not in html
