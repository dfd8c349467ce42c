"""A reviewer prepares an invitation, shares its link, and sees who has sat it."""

import gzip
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from random import Random
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import TimingProfile, User
from interview.models import Interview, Invitation
from interview.models.invitations import MOST_QUESTIONS
from questions.models import Question, QuestionSet, Status, Topic
from tests.conftest import make_question, move_back
from tests.interview.inviting import asked_by, invite_to, let_it_be_due, sit_to_the_end
from tests.races import race, wait_until_somebody_waits

ClientOf = Callable[[User], Client]

NEW = "/invitations/new/"


@pytest.fixture
def invitation(reviewer: User, question_set: QuestionSet) -> Invitation:
    return invite_to(reviewer, question_set)


@pytest.fixture
def desk(reviewer: User, client_of: ClientOf) -> Client:
    return client_of(reviewer)


def ids(questions: Sequence[Question]) -> list[int]:
    return [question.pk for question in questions]


def form_of(questions: Sequence[Question], **fields: Any) -> dict[str, Any]:
    """What the page sends when *Save* is pressed, with these questions chosen."""
    due = timezone.localtime() + timedelta(days=3)
    return {
        "question": ids(questions),
        "title": "Round one",
        "mode": "one_at_a_time",
        "minutes": "25",
        "due_at": f"{due:%Y-%m-%dT%H:%M}",
        "do": "save",
        **fields,
    }


def chosen_in(html: str) -> list[int]:
    """The ids of the questions that the page has chosen, in order."""
    return [int(pk) for pk in re.findall(r'name="question" value="(\d+)" checked', html)]


def offered_in(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'name="add" value="(\d+)"', html)]


def fill_library(count: int) -> list[Question]:
    """That many published questions in sets of 25, with prompts as long as they may be."""
    letters = Random(4)
    sets = QuestionSet.objects.bulk_create(
        QuestionSet(slug=f"set-{n}", title=f"Set {n}", license="CC0-1.0", status=Status.PUBLISHED)
        for n in range(-(-count // 25))
    )
    return Question.objects.bulk_create(
        Question(
            question_set=sets[n // 25],
            slug=f"question-{n}",
            position=n % 25 + 1,
            prompt="".join(letters.choices("abcdefghijklmnopqrstuvwxyz ", k=500)),
        )
        for n in range(count)
    )


# Preparing.


def test_the_first_page_says_what_to_do(desk: Client) -> None:
    html = desk.get(reverse("invitation-list")).content.decode()
    assert "No invitations yet" in html
    assert reverse("invitation-new") in html


def test_reviewers_find_it_beside_the_queue_and_others_do_not(
    desk: Client, candidate: User, client_of: ClientOf
) -> None:
    link = f'href="{reverse("invitation-list")}"'
    assert link in desk.get(reverse("queue")).content.decode()
    assert link not in client_of(candidate).get(reverse("home")).content.decode()


def test_what_is_saved_is_what_was_chosen_in_its_order(
    desk: Client, reviewer: User, question_set: QuestionSet
) -> None:
    first, second, third = question_set.questions.order_by("position")
    form = form_of([third, first, second], due_at="2026-12-24T18:30")
    with_zone = {"time_zone": "America/New_York"}
    desk.cookies.load(with_zone)
    now = timezone.now()
    form["due_at"] = f"{now + timedelta(days=30):%Y-%m-%d}T18:30"
    reply = desk.post(NEW, form)
    invitation = Invitation.objects.get()
    assert reply["Location"] == reverse("invitation", args=[invitation.pk])
    assert invitation.reviewer == reviewer
    assert (invitation.title, invitation.mode, invitation.minutes) == (
        "Round one",
        "one_at_a_time",
        25,
    )
    assert asked_by(invitation) == [third, first, second]
    assert invitation.due_at is not None
    # Half past six in New York is later in UTC.
    assert invitation.due_at.astimezone(UTC).hour in {22, 23}


def test_a_week_is_suggested_until_the_end_of_the_reviewers_day(desk: Client) -> None:
    desk.cookies.load({"time_zone": "Asia/Tokyo"})
    html = desk.get(NEW).content.decode()
    with timezone.override("Asia/Tokyo"):
        due = timezone.localtime() + timedelta(days=7)
    assert f'value="{due:%Y-%m-%d}T23:59"' in html
    assert "In your time zone, Asia/Tokyo." in html


def test_ticking_adds_at_the_end_and_unticking_leaves_out(
    desk: Client, question_set: QuestionSet
) -> None:
    first, second, third = ids(list(question_set.questions.order_by("position")))
    html = desk.post(NEW, {"question": [second], "add": [first], "do": "add"}).content.decode()
    assert chosen_in(html) == [second, first]
    assert offered_in(html) == [third]
    html = desk.post(NEW, {"question": [first], "do": "add"}).content.decode()
    assert chosen_in(html) == [first]
    assert offered_in(html) == [second, third]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ("up:1", [1, 0, 2]),
        ("down:0", [1, 0, 2]),
        ("down:1", [0, 2, 1]),
        ("up:0", [0, 1, 2]),
        ("down:2", [0, 1, 2]),
        ("up:9", [0, 1, 2]),
    ],
)
def test_buttons_move_a_question_up_and_down(
    desk: Client, question_set: QuestionSet, button: str, order: list[int]
) -> None:
    pks = ids(list(question_set.questions.order_by("position")))
    direction, _colon, place = button.partition(":")
    pk = pks[int(place)] if int(place) < 3 else 10**17
    html = desk.post(NEW, {"question": pks, "do": f"{direction}:{pk}"}).content.decode()
    assert chosen_in(html) == [pks[place] for place in order]


@pytest.mark.parametrize("do", ["", "up", "up:", "up:x", "down:-1", "page:x", "page:99999", "🙂"])
def test_a_button_that_makes_no_sense_changes_nothing(
    desk: Client, question_set: QuestionSet, do: str
) -> None:
    pks = ids(list(question_set.questions.order_by("position")))
    html = desk.post(NEW, {"question": pks, "do": do}).content.decode()
    assert chosen_in(html) == pks


def test_the_limit_follows_the_questions_until_somebody_sets_it(
    desk: Client, question_set: QuestionSet
) -> None:
    first, second, _third = ids(list(question_set.questions.order_by("position")))
    html = desk.post(NEW, {"add": [first], "do": "add", "minutes": "", "suggested": ""})
    assert 'name="minutes" value="4"' in html.content.decode()
    sent = {"question": [first], "add": [second], "do": "add", "suggested": "4"}
    assert 'name="minutes" value="8"' in desk.post(NEW, {**sent, "minutes": "4"}).content.decode()
    assert 'name="minutes" value="30"' in desk.post(NEW, {**sent, "minutes": "30"}).content.decode()


def test_what_was_typed_stays_while_questions_are_chosen(
    desk: Client, question_set: QuestionSet
) -> None:
    typed = {"title": "Half a ti", "mode": "one_at_a_time", "due_at": "2030-01-02T03:04"}
    html = desk.post(NEW, {**typed, "do": "search", "words": "zebra"}).content.decode()
    assert 'value="Half a ti"' in html
    assert 'value="one_at_a_time"' in html
    assert 'value="2030-01-02T03:04"' in html
    assert 'value="zebra"' in html
    assert "Nothing found" in html
    assert "error-summary" not in html


def test_the_library_is_searched_by_words_topic_and_difficulty(
    desk: Client, question_set: QuestionSet
) -> None:
    first, second, third = question_set.questions.order_by("position")
    second.topics.add(Topic.objects.create(slug="dns", title="DNS"))
    Question.objects.filter(pk=third.pk).update(difficulty=3)
    of_set = Topic.objects.create(slug="all", title="All of the set")
    question_set.topics.add(of_set)

    def found(**search: str) -> list[int]:
        return offered_in(desk.post(NEW, {"do": "search", **search}).content.decode())

    assert found() == ids([first, second, third])
    assert found(words="QUESTION 3") == [third.pk]
    assert found(words="basics 1") == [first.pk]
    assert found(topic="dns") == [second.pk]
    assert found(topic="all") == ids([first, second, third])
    assert found(difficulty="3") == [third.pk]
    assert found(topic="dns", difficulty="3") == []
    # What makes no sense narrows nothing.
    assert found(topic="nowhere", difficulty="x") == ids([first, second, third])
    assert found(words="%") == []


def test_drafts_and_the_retired_are_not_offered(desk: Client, question_set: QuestionSet) -> None:
    question_set.questions.filter(position=1).update(status=Status.DRAFT)
    question_set.questions.filter(position=2).update(status=Status.RETIRED)
    hidden = QuestionSet.objects.create(slug="hidden", title="Hidden", license="CC0-1.0")
    make_question(hidden, 1)
    assert offered_in(desk.get(NEW).content.decode()) == [question_set.questions.get(position=3).pk]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_a_draft_sent_by_its_id_is_refused(
    desk: Client, question_set: QuestionSet, status: Status
) -> None:
    questions = list(question_set.questions.order_by("position"))
    Question.objects.filter(pk=questions[0].pk).update(status=status)
    html = desk.post(NEW, form_of(questions)).content.decode()
    assert "One question is not in the library any more, and was left out." in html
    assert chosen_in(html) == ids(questions[1:])
    assert questions[0].prompt not in html
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("sent", ["x", "-1", "1.5", "9" * 30, "", "1e3", "²"])
def test_an_id_that_is_none_is_refused(desk: Client, question_set: QuestionSet, sent: str) -> None:
    questions = list(question_set.questions.all())
    html = desk.post(NEW, form_of(questions, add=[sent])).content.decode()
    assert "was left out" in html
    assert not Invitation.objects.exists()


def test_one_question_sent_twice_is_asked_once(desk: Client, question_set: QuestionSet) -> None:
    questions = list(question_set.questions.all())
    desk.post(NEW, form_of([*questions, *questions], add=ids(questions)))
    assert asked_by(Invitation.objects.get()) == questions


def test_more_than_thirty_questions_are_refused(desk: Client) -> None:
    questions = fill_library(31)
    html = desk.post(NEW, form_of(questions)).content.decode()
    assert "An invitation asks at most 30 questions. One was left out." in html
    assert len(chosen_in(html)) == MOST_QUESTIONS
    assert not Invitation.objects.exists()
    desk.post(NEW, form_of(questions[:30]))
    assert Invitation.objects.get().questions.count() == MOST_QUESTIONS


def test_twenty_thousand_ids_are_refused_before_they_are_read(desk: Client) -> None:
    reply = desk.post(NEW, form_of([], question=list(range(20_000))))
    assert reply.status_code == 400
    assert not Invitation.objects.exists()


def test_thousands_of_ids_cost_no_more_than_three(desk: Client, question_set: QuestionSet) -> None:
    def queries(sent: list[int]) -> int:
        with CaptureQueriesContext(connection) as found:
            desk.post(NEW, {"question": sent, "do": "add"})
        return len(found)

    assert queries(list(range(900))) == queries([1, 2, 3])
    assert queries(list(range(12_000))) == queries([1, 2, 3])


def test_no_question_is_too_few(desk: Client, question_set: QuestionSet) -> None:
    assert "Choose at least one question." in desk.post(NEW, form_of([])).content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("minutes", "0", "Enter 1 to 600 minutes."),
        ("minutes", "601", "Enter 1 to 600 minutes."),
        ("minutes", "-5", "Enter 1 to 600 minutes."),
        ("minutes", "x", "in whole numbers"),
        ("minutes", "9" * 40, "Enter 1 to 600 minutes."),
        ("title", "", "This field is required."),
        ("title", " \n ", "This field is required."),
        ("title", "x" * 201, "at most 200 characters"),
        ("title", "a\0b", "Null characters are not allowed."),
        ("mode", "backwards", "Select a valid choice."),
        ("due_at", "", "Enter a date and a time."),
        ("due_at", "tomorrow", "Enter a date and a time, such as"),
        ("due_at", "2020-01-01T10:00", "This has passed."),
        ("due_at", "9999-12-31T23:59", "within the next year"),
        ("due_at", "2030-02-31T10:00", "Enter a date and a time, such as"),
    ],
)
def test_wrong_terms_come_back_with_a_sentence_and_the_choice(
    desk: Client, question_set: QuestionSet, field: str, value: str, complaint: str
) -> None:
    questions = list(question_set.questions.order_by("position"))
    html = unescape(desk.post(NEW, form_of(questions, **{field: value})).content.decode())
    assert complaint in html
    assert "error-summary" in html
    assert chosen_in(html) == ids(questions)
    assert not Invitation.objects.exists()


def test_markup_in_a_title_is_shown_not_obeyed(
    desk: Client, question_set: QuestionSet, client: Client
) -> None:
    title = "<script>alert(1)</script>{{ title }}"
    desk.post(NEW, form_of(list(question_set.questions.all()), title=title))
    invitation = Invitation.objects.get()
    for page in (
        desk.get(reverse("invitation-list")),
        desk.get(reverse("invitation", args=[invitation.pk])),
        desk.get(reverse("invitation-edit", args=[invitation.pk])),
        client.get(reverse("invite", args=[invitation.secret])),
    ):
        assert "<script>alert" not in page.content.decode()
        assert title in unescape(page.content.decode())


def test_htmx_gets_the_form_alone_and_is_led_on_when_it_is_saved(
    desk: Client, question_set: QuestionSet
) -> None:
    questions = list(question_set.questions.all())
    htmx = {"HX-Request": "true"}
    html = desk.post(NEW, {"add": ids(questions), "do": "add"}, headers=htmx).content.decode()
    assert 'id="invitation-form"' in html
    assert "<html" not in html
    assert chosen_in(html) == ids(questions)
    reply = desk.post(NEW, form_of(questions), headers=htmx)
    assert reply["HX-Redirect"] == reverse("invitation", args=[Invitation.objects.get().pk])
    assert "HX-Request" in reply["Vary"]


# Its page.


def test_the_page_has_the_link_and_what_is_asked_in_order(
    desk: Client, reviewer: User, question_set: QuestionSet, settings: Settings
) -> None:
    settings.SITE_URL = "https://dry-run.example.com"
    questions = list(question_set.questions.order_by("-position"))
    invitation = invite_to(reviewer, question_set, questions=questions)
    html = desk.get(reverse("invitation", args=[invitation.pk])).content.decode()
    assert f"https://dry-run.example.com/invite/{invitation.secret}/" in html
    assert "js/copy" in html
    places = [html.index(question.prompt) for question in questions]
    assert places == sorted(places)
    assert "Nobody has sat it yet" in html


def test_secrets_can_not_be_guessed(reviewer: User, question_set: QuestionSet) -> None:
    secrets = {invite_to(reviewer, question_set).secret for _ in range(20)}
    assert len(secrets) == 20
    # 128 bits, six to a letter.
    assert {len(secret) for secret in secrets} == {22}


def test_every_address_of_anothers_invitation_is_a_404(
    invitation: Invitation,
    other_reviewer: User,
    candidate: User,
    client_of: ClientOf,
) -> None:
    for stranger in (other_reviewer, candidate):
        tab = client_of(stranger)
        for name in ("invitation", "invitation-edit", "invitation-delete"):
            assert tab.get(reverse(name, args=[invitation.pk])).status_code == 404
        for name in ("edit", "close", "reopen", "delete"):
            url = reverse(f"invitation-{name}", args=[invitation.pk])
            assert tab.post(url, {"do": "save"}).status_code == 404
    invitation.refresh_from_db()
    assert invitation.closed_at is None
    assert invitation.title not in client_of(other_reviewer).get("/invitations/").content.decode()


def test_who_has_ended_it_is_listed_by_name_in_alphabetical_order(
    desk: Client, invitation: Invitation, person: Callable[..., User]
) -> None:
    for name in ("zoe", "adam", "mia"):
        sit_to_the_end(invitation, person(name))
    nameless = person("bob")
    User.objects.filter(pk=nameless.pk).update(name="")
    sit_to_the_end(invitation, nameless)
    html = desk.get(reverse("invitation", args=[invitation.pk])).content.decode()
    assert "4 people have sat it" in html
    places = [html.index(f"<p>{who}</p>") for who in ("Adam", "bob@example.com", "Mia", "Zoe")]
    assert places == sorted(places)
    assert "4 people have sat it" in desk.get(reverse("invitation-list")).content.decode()


def pages_of(desk: Client, invitation: Invitation) -> list[str]:
    """All that the reviewer can see of an invitation, without what is new in each reply."""
    pages = [
        desk.get(reverse("invitation-list")),
        desk.get(reverse("invitation", args=[invitation.pk])),
        desk.get(reverse("invitation-edit", args=[invitation.pk])),
        desk.get(reverse("invitation-delete", args=[invitation.pk]), follow=True),
    ]
    return [
        re.sub(r'csrfmiddlewaretoken" value="\w+"|x-csrftoken": "\w+"', "", page.content.decode())
        for page in pages
    ]


def test_who_follows_the_link_or_is_sitting_now_changes_nothing_the_reviewer_sees(
    desk: Client, invitation: Invitation, candidate: User, client_of: ClientOf
) -> None:
    before = pages_of(desk, invitation)
    tab = client_of(candidate)
    tab.get(reverse("invite", args=[invitation.secret]))
    assert pages_of(desk, invitation) == before
    tab.post(reverse("invite", args=[invitation.secret]))
    assert Interview.objects.get().invitation == invitation
    assert pages_of(desk, invitation) == before
    Interview.objects.get().finish()
    assert pages_of(desk, invitation) != before


def test_the_page_is_the_same_for_who_needs_four_times_as_long(
    desk: Client, invitation: Invitation, candidate: User
) -> None:
    """To the byte: started, ended and asked for at whatever time, with whatever factor."""

    def seen(factor: str | None, started: str, taken: timedelta) -> list[str]:
        Interview.objects.all().delete()
        TimingProfile.objects.update_or_create(user=candidate, defaults={"factor": factor})
        interview = invitation.start(candidate)
        interview.finish()
        move_back(interview, started)
        Interview.objects.update(ended_at=interview.started_at + taken)
        interview.ask_for_review()
        return pages_of(desk, invitation)

    usual = seen("1", "1 hour", timedelta(minutes=20))
    assert seen("4", "6 hours", timedelta(minutes=80)) == usual
    assert seen(None, "5 days", timedelta(days=2)) == usual
    assert "One person has sat it" in usual[1]


def test_no_time_id_or_pseudonym_ties_a_person_to_a_sitting(
    desk: Client, invitation: Invitation, person: Callable[..., User]
) -> None:
    sitter = person("xenophanes")
    TimingProfile.objects.create(user=sitter, factor=Decimal("7.25"))
    interview = sit_to_the_end(invitation, sitter)
    move_back(interview, "20 years")
    interview.ask_for_review()
    assignment = interview.assignments.get()
    assert interview.deadline is not None
    seen = "".join(pages_of(desk, invitation))
    assert "Xenophanes" in seen
    for trace in (
        str(interview.pk),
        interview.pk.hex,
        str(assignment.pk),
        assignment.pseudonym,
        "7.25",
        str(interview.started_at.year),
    ):
        assert trace not in seen


def test_who_is_overdue_has_sat_it_without_anybody_stamping_it(
    desk: Client, invitation: Invitation, candidate: User
) -> None:
    move_back(invitation.start(candidate), "21 minutes")
    assert Interview.objects.get().ended_at is None
    html = desk.get(reverse("invitation", args=[invitation.pk])).content.decode()
    assert "<p>Candidate</p>" in html


def test_who_deleted_their_account_is_not_listed(
    desk: Client, invitation: Invitation, candidate: User
) -> None:
    sit_to_the_end(invitation, candidate)
    candidate.delete_account()
    html = desk.get(reverse("invitation", args=[invitation.pk])).content.decode()
    assert "Nobody has sat it yet" in html


# Changing it.


def test_everything_can_be_changed_until_somebody_has_sat_it(
    desk: Client, invitation: Invitation, question_set: QuestionSet
) -> None:
    url = reverse("invitation-edit", args=[invitation.pk])
    first, second, third = question_set.questions.order_by("position")
    html = desk.get(url).content.decode()
    assert chosen_in(html) == ids([first, second, third])
    assert 'value="Round one"' in html
    assert 'name="minutes" value="20"' in html
    desk.post(url, form_of([third, first], title="Round two"))
    changed = Invitation.objects.get()
    assert (changed.title, changed.minutes, changed.mode) == ("Round two", 25, "one_at_a_time")
    assert changed.secret == invitation.secret
    assert asked_by(changed) == [third, first]


def test_what_was_retired_since_stays_chosen_while_one_edits(
    desk: Client, invitation: Invitation, question_set: QuestionSet
) -> None:
    questions = list(question_set.questions.order_by("position"))
    Question.objects.filter(pk=questions[0].pk).update(status=Status.RETIRED)
    page = desk.get(reverse("invitation", args=[invitation.pk])).content.decode()
    assert "Retired, still asked" in page
    desk.post(reverse("invitation-edit", args=[invitation.pk]), form_of(questions))
    assert ids(asked_by(invitation)) == ids(questions)


def test_after_somebody_has_sat_it_only_title_and_due_date_can_be_changed(
    desk: Client, invitation: Invitation, question_set: QuestionSet, candidate: User
) -> None:
    sit_to_the_end(invitation, candidate)
    url = reverse("invitation-edit", args=[invitation.pk])
    html = desk.get(url).content.decode()
    assert 'name="minutes"' not in html
    assert 'name="question"' not in html
    due = f"{timezone.localtime() + timedelta(days=9):%Y-%m-%dT%H:%M}"
    first = question_set.questions.order_by("position")[0]
    desk.post(url, form_of([first], title="Round two", due_at=due))
    changed = Invitation.objects.get()
    assert changed.title == "Round two"
    assert changed.due_at == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert (changed.minutes, changed.mode) == (20, Interview.Mode.FREE)
    assert len(asked_by(changed)) == 3


def test_a_page_that_was_opened_before_somebody_sat_it_changes_nothing(
    desk: Client, invitation: Invitation, question_set: QuestionSet, candidate: User
) -> None:
    sit_to_the_end(invitation, candidate)
    changed = invitation.rewrite(
        title="Other",
        questions=list(question_set.questions.all()[:1]),
        minutes=5,
        mode=Interview.Mode.ONE_AT_A_TIME,
        due_at=None,
    )
    assert not changed
    invitation.refresh_from_db()
    assert (invitation.title, invitation.minutes) == ("Round one", 20)
    assert len(asked_by(invitation)) == 3


def test_the_title_can_be_changed_after_the_due_date(
    desk: Client, invitation: Invitation, question_set: QuestionSet
) -> None:
    past = timezone.now().replace(second=0, microsecond=0) - timedelta(days=1)
    Invitation.objects.update(due_at=past)
    form = form_of(list(question_set.questions.all()), title="New title")
    form["due_at"] = f"{past:%Y-%m-%dT%H:%M}"
    desk.post(reverse("invitation-edit", args=[invitation.pk]), form)
    invitation.refresh_from_db()
    assert (invitation.title, invitation.due_at) == ("New title", past)


def test_a_close_can_be_undone(desk: Client, invitation: Invitation) -> None:
    page = desk.post(reverse("invitation-close", args=[invitation.pk]), follow=True)
    assert "Closed: nobody can start it any more." in page.content.decode()
    invitation.refresh_from_db()
    closed_at = invitation.closed_at
    assert closed_at is not None
    # Closing twice is closing once.
    desk.post(reverse("invitation-close", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.closed_at == closed_at
    page = desk.post(reverse("invitation-reopen", args=[invitation.pk]), follow=True)
    assert "Open again" in page.content.decode()
    invitation.refresh_from_db()
    assert invitation.closed_at is None


def test_an_invitation_that_is_over_says_so(desk: Client, invitation: Invitation) -> None:
    let_it_be_due(invitation)
    assert "Over" in desk.get(reverse("invitation-list")).content.decode()
    page = desk.get(reverse("invitation", args=[invitation.pk])).content.decode()
    assert "choose a later date" in page


def test_deleting_asks_once(desk: Client, invitation: Invitation) -> None:
    url = reverse("invitation-delete", args=[invitation.pk])
    assert "Delete this invitation?" in desk.get(url).content.decode()
    assert Invitation.objects.exists()
    page = desk.post(url, follow=True).content.decode()
    assert "The invitation is deleted." in page
    assert not Invitation.objects.exists()


def test_what_somebody_has_sat_is_not_deleted(
    desk: Client, invitation: Invitation, candidate: User
) -> None:
    sit_to_the_end(invitation, candidate)
    url = reverse("invitation-delete", args=[invitation.pk])
    for reply in (desk.get(url, follow=True), desk.post(url, follow=True)):
        assert "Somebody has sat it, so it stays." in reply.content.decode()
    assert Invitation.objects.exists()


def test_who_is_sitting_it_goes_on_when_it_is_deleted(
    desk: Client, invitation: Invitation, candidate: User
) -> None:
    interview = invitation.start(candidate)
    desk.post(reverse("invitation-delete", args=[invitation.pk]))
    interview.refresh_from_db()
    assert interview.invitation is None
    interview.finish()
    assert interview.ask_for_review()
    assert interview.assignments.get().reserved_for is None


@pytest.mark.django_db(transaction=True)
def test_of_edits_at_once_one_stands_whole(reviewer: User, question_set: QuestionSet) -> None:
    invitation = invite_to(reviewer, question_set)
    questions = list(question_set.questions.order_by("-position"))

    def rewrite() -> bool:
        return invitation.rewrite(
            title="Other", questions=questions, minutes=9, mode="free", due_at=None
        )

    outcomes = race(4, rewrite)
    assert outcomes == [True] * 4
    assert asked_by(invitation) == questions


@pytest.mark.parametrize("name", ["invitation-edit", "invitation-close", "invitation-delete"])
@pytest.mark.django_db(transaction=True)
def test_what_is_done_to_an_invitation_that_was_just_deleted_is_not_found(
    reviewer: User, question_set: QuestionSet, client_of: Callable[[User], Client], name: str
) -> None:
    """As by the second click of a double click on *Delete*."""
    invitation = invite_to(reviewer, question_set)
    desk = client_of(reviewer)
    ids = list(question_set.questions.values_list("pk", flat=True))
    due_at = timezone.now() + timedelta(days=3)
    terms = {"title": "Other", "minutes": 9, "mode": "free", "due_at": f"{due_at:%Y-%m-%d %H:%M}"}
    deleting = Event()

    def delete_slowly() -> bool:
        with transaction.atomic():
            deleted = invitation.delete_unsat()
            deleting.set()
            wait_until_somebody_waits()
            return deleted

    def act_meanwhile() -> int:
        assert deleting.wait(timeout=10)
        form = {**terms, "question": ids, "do": "save"}
        return desk.post(reverse(name, args=[invitation_id]), form).status_code

    invitation_id = invitation.pk
    assert race(delete_slowly, act_meanwhile) == [True, 404]
    assert not Invitation.objects.exists()


# What it costs.


def test_the_list_costs_the_same_for_two_as_for_fifty(
    desk: Client, reviewer: User, question_set: QuestionSet, person: Callable[..., User]
) -> None:
    invitations = [invite_to(reviewer, question_set) for _ in range(2)]
    sit_to_the_end(invitations[0], person("first"))

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert desk.get(url).status_code == 200
        return len(found)

    page = reverse("invitation", args=[invitations[0].pk])
    few = [queries("/invitations/"), queries(page)]
    for _ in range(48):
        invite_to(reviewer, question_set)
    for n in range(5):
        sit_to_the_end(invitations[0], person(f"sitter-{n}"))
    assert [queries("/invitations/"), queries(page)] == few
    assert max(few) <= 8


@pytest.mark.parametrize("count", [5, 500])
def test_the_form_costs_the_same_for_a_library_of_five_and_of_five_hundred(
    desk: Client, count: int
) -> None:
    questions = fill_library(count)
    with CaptureQueriesContext(connection) as found:
        desk.post(NEW, {"question": ids(questions[:5]), "do": "add"})
    assert len(found) == 4


def test_of_a_large_library_a_page_is_shown_at_a_time(desk: Client) -> None:
    questions = fill_library(100)
    html = desk.get(NEW).content.decode()
    assert len(offered_in(html)) == 40
    seen = set(offered_in(html))
    for page in (2, 3):
        assert f'value="page:{page}"' in html
        html = desk.post(NEW, {"do": f"page:{page}"}).content.decode()
        seen |= set(offered_in(html))
    assert seen == set(ids(questions))
    assert 'value="page:4"' not in html


def test_adding_from_a_page_stays_on_it(desk: Client) -> None:
    questions = fill_library(100)
    html = desk.post(NEW, {"do": "page:2"}).content.decode()
    ticked = offered_in(html)[3]
    html = desk.post(NEW, {"do": "add", "page": "2", "add": [ticked]}).content.decode()
    assert chosen_in(html) == [ticked]
    assert 'name="page" value="2"' in html
    assert len(questions) == 100


def test_the_form_is_light_with_thirty_long_questions_chosen_of_five_hundred(desk: Client) -> None:
    questions = fill_library(500)
    html = desk.post(NEW, {"question": ids(questions[:30]), "do": "add"}).content
    assert len(offered_in(html.decode())) == 40
    assert len(gzip.compress(html, 6)) < 20_000
