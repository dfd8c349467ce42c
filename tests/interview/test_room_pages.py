"""The candidate's pages: what they show, what they cost, and that they need no script."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import TimingProfile, User
from interview.models import Interview
from questions.models import Question, QuestionSet, Topic
from tests.conftest import make_question, move_back, start_interview, write
from tests.interview.test_mixed_interview import make_set

SESSION_WITH_USER = 1


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


@pytest.fixture
def fifty_questions(question_set: QuestionSet) -> QuestionSet:
    for position in range(4, 51):
        make_question(question_set, position)
    return question_set


def cost(tab: Client, url: str) -> int:
    """Queries besides the session's and the user's."""
    with CaptureQueriesContext(connection) as queries:
        reply = tab.get(url)
    assert reply.status_code == 200
    return len(queries) - SESSION_WITH_USER


def test_the_room_costs_three_queries_for_three_questions_and_for_fifty(
    tab: Client, candidate: User, question_set: QuestionSet, request: pytest.FixtureRequest
) -> None:
    for fixture in ("question_set", "fifty_questions"):
        interview = start_interview(candidate, request.getfixturevalue(fixture))
        assert cost(tab, reverse("answer", args=[interview.pk, 2])) <= 3
        interview.finish()


def test_other_pages_cost_the_same_for_three_questions_and_for_fifty(
    tab: Client, candidate: User, question_set: QuestionSet, request: pytest.FixtureRequest
) -> None:
    costs = []
    for fixture in ("question_set", "fifty_questions"):
        interview = start_interview(candidate, request.getfixturevalue(fixture))
        write(interview, 1, "something")
        costs.append(
            [
                cost(tab, reverse("interview-finish", args=[interview.pk])),
                cost(tab, reverse("home")),
                cost(tab, reverse("interview-new")),
                (interview.finish(), cost(tab, reverse("self-score", args=[interview.pk])))[1],
                (
                    interview.score_yourself(all_missed(interview)),
                    cost(tab, reverse("feedback", args=[interview.pk])),
                )[1],
            ]
        )
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8, costs


def all_missed(interview: Interview) -> dict[int, dict[str, str]]:
    positions = interview.answers.values_list("position", flat=True)
    return {position: {"main": "missed", "side": "missed"} for position in positions}


def test_the_list_costs_the_same_for_five_interviews_and_for_fifty(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    costs = []
    for count in (5, 45):
        for _ in range(count):
            start_interview(candidate, question_set).finish()
        costs.append(cost(tab, reverse("interview-list")))
    assert costs[0] == costs[1] <= 8


def test_the_list_has_pages_of_twenty(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    for _ in range(21):
        start_interview(candidate, question_set).finish()
    first = tab.get(reverse("interview-list")).content.decode()
    assert first.count("<h2>") == 20
    assert "?page=2" in first
    assert tab.get(reverse("interview-list") + "?page=2").content.decode().count("<h2>") == 1


def test_the_list_says_what_to_do_when_it_is_empty(tab: Client) -> None:
    html = tab.get(reverse("interview-list")).content.decode()
    assert "No interviews yet" in html
    assert reverse("interview-new") in html


@pytest.mark.parametrize(
    ("act", "badge"),
    [
        ("run", "Running"),
        ("reveal", "Finished"),
        ("ask", "Waits for a review"),
    ],
)
def test_the_list_tells_where_each_stands(
    tab: Client, running_interview: Interview, act: str, badge: str
) -> None:
    if act != "run":
        running_interview.finish()
        running_interview.reveal()
    if act == "ask":
        running_interview.ask_for_review()
    assert f">{badge}</span>" in tab.get(reverse("interview-list")).content.decode()


def test_the_list_leads_to_the_self_score_that_is_due(
    tab: Client, running_interview: Interview
) -> None:
    due = f'href="{reverse("interview", args=[running_interview.pk])}" aria-label="Score yourself: '
    assert due not in tab.get(reverse("interview-list")).content.decode()
    running_interview.finish()
    assert due in tab.get(reverse("interview-list")).content.decode()
    running_interview.reveal()
    assert due not in tab.get(reverse("interview-list")).content.decode()


def test_the_list_offers_to_sit_what_is_over_again(
    tab: Client, running_interview: Interview, question_set: QuestionSet
) -> None:
    again = f"{reverse('interview-new')}?set={question_set.slug}"
    assert again not in tab.get(reverse("interview-list")).content.decode()
    running_interview.finish()
    assert again in tab.get(reverse("interview-list")).content.decode()


def test_the_list_counts_what_was_answered(tab: Client, running_interview: Interview) -> None:
    write(running_interview, 1, "something")
    write(running_interview, 2, " \n ")
    assert "1 of 3 answered" in tab.get(reverse("interview-list")).content.decode()


def test_home_leads_a_stranger_over_the_sign_up_to_a_quick_start(
    question_set: QuestionSet,
) -> None:
    html = Client().get(reverse("home")).content.decode()
    assert f"{reverse('account_signup')}?next={reverse('quick-start')}" in html
    assert "Basics" in html
    assert "noindex" not in html


def lead_of_home() -> str:
    html = Client().get(reverse("home")).content.decode()
    return html.split('<p class="lead">')[1].split("</p>")[0]


def test_home_says_in_its_first_sentence_what_all_sets_are_about(question_set: QuestionSet) -> None:
    other = make_set("other", 1)
    kubernetes, storage = (
        Topic.objects.create(slug=title.lower(), title=title) for title in ("Kubernetes", "Storage")
    )
    question_set.topics.add(kubernetes, storage)
    assert "Kubernetes" not in lead_of_home()
    other.topics.add(kubernetes)
    assert lead_of_home().startswith("Sit a timed mock interview on Kubernetes in the browser, ")
    assert "Storage" not in lead_of_home()


def test_home_offers_to_go_on_with_the_time_left(tab: Client, running_interview: Interview) -> None:
    html = tab.get(reverse("home")).content.decode()
    assert reverse("interview", args=[running_interview.pk]) in html
    assert "11 minutes are left" in html
    assert "Start a mock interview" not in html


def test_a_last_minute_is_told_as_one(tab: Client, running_interview: Interview) -> None:
    move_back(running_interview, "11 minutes 30 seconds")
    html = tab.get(reverse("interview-new")).content.decode()
    assert "You have an interview running" in html
    assert "Less than a minute is left." in html


def test_home_says_what_to_do_when_the_library_is_empty(db: None) -> None:
    assert "No sets yet" in Client().get(reverse("home")).content.decode()


def test_home_shows_no_drafts_and_no_sets_without_questions(question_set: QuestionSet) -> None:
    Question.objects.update(status="retired")
    assert "Basics" not in Client().get(reverse("home")).content.decode()


# The room.


def room(tab: Client, interview: Interview, position: int = 1) -> str:
    reply = tab.get(reverse("answer", args=[interview.pk, position]))
    assert reply.status_code == 200
    return reply.content.decode()


def test_the_room_is_not_kept_by_the_browser(tab: Client, running_interview: Interview) -> None:
    reply = tab.get(reverse("answer", args=[running_interview.pk, 1]))
    assert "no-store" in reply["Cache-Control"]


def test_the_room_prints_the_deadline_as_a_time_of_day(
    tab: Client, running_interview: Interview
) -> None:
    assert running_interview.deadline is not None
    tab.cookies["time_zone"] = "Asia/Kolkata"
    assert f"{running_interview.deadline:%H:%M} UTC" not in room(tab, running_interview)
    assert re.search(r"\d\d:\d\d IST", room(tab, running_interview))


@pytest.mark.parametrize("zone", [None, "", "No/Such", "../../etc/passwd", "%00"])
def test_nobody_gets_the_time_zone_of_the_request_before(
    tab: Client, running_interview: Interview, zone: str | None
) -> None:
    tab.cookies["time_zone"] = "Asia/Kolkata"
    assert re.search(r"\d\d:\d\d IST", room(tab, running_interview))

    del tab.cookies["time_zone"]
    if zone is not None:
        tab.cookies["time_zone"] = zone

    assert re.search(r"\d\d:\d\d UTC", room(tab, running_interview))


def test_a_hidden_clock_is_behind_a_click_and_announced_all_the_same(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, show_clock=False, announcements=[7])
    interview = start_interview(candidate, question_set)
    html = room(tab, interview)
    assert interview.deadline is not None
    outside, hidden = re.sub(r"<details.*?</details>", "", html, flags=re.S), html
    assert f"{interview.deadline:%H:%M} UTC" in hidden
    assert "Show time left" in hidden
    assert f"{interview.deadline:%H:%M} UTC" not in outside
    assert 'role="timer"' not in outside
    assert "7 minutes left" in outside


def test_an_untimed_room_has_no_clock(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    html = room(tab, start_interview(candidate, question_set))
    assert 'role="timer"' not in html
    assert 'data-seconds-left=""' in html


def test_text_comes_back_exactly_as_it_was_typed(tab: Client, running_interview: Interview) -> None:
    """A browser drops one line break after <textarea>."""
    write(running_interview, 1, "\n  <b>& first line empty\n\n")
    assert "\n\n  &lt;b&gt;&amp; first line empty\n\n</textarea>" in room(tab, running_interview)


def test_each_load_is_another_writer(tab: Client, running_interview: Interview) -> None:
    writers = {
        re.search(r'name="writer" value="([^"]+)"', room(tab, running_interview))[1]  # type: ignore[index]
        for _ in range(3)
    }
    assert len(writers) == 3


def test_the_map_shows_what_is_begun_and_flagged(tab: Client, running_interview: Interview) -> None:
    write(running_interview, 2, "something")
    running_interview.answers.filter(position=3).update(flagged=True)
    html = room(tab, running_interview)
    assert html.count("question-map__item--begun") == 1
    assert html.count("question-map__item--flagged") == 1


def press(tab: Client, html: str, **fields: object) -> HttpResponse:
    """Send the room's form as a browser without scripts does."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    action = re.search(r'<form class="room__form"[^>]* action="([^"]+)"', html)
    assert action is not None
    return tab.post(action[1], {**hidden, **fields}, follow=True)  # type: ignore[return-value]


def test_the_whole_sitting_works_as_plain_forms(tab: Client, running_interview: Interview) -> None:
    html = room(tab, running_interview)
    html = press(tab, html, text="first", then="next").content.decode()
    assert "What is question 2 about?" in html
    html = press(tab, html, text="second", then="").content.decode()
    assert "revision 1" in html
    assert "second</textarea>" in html
    html = press(tab, html, text="second, more", then="3").content.decode()
    assert "What is question 3 about?" in html
    html = press(tab, html, text="third", then="finish").content.decode()
    assert "Every question has an answer." in html
    texts = running_interview.answers.order_by("position").values_list("text", flat=True)
    assert list(texts) == ["first", "second, more", "third"]


def test_somebody_elses_interview_is_not_found(
    running_interview: Interview,
    other_candidate: User,
    superuser: User,
    client_of: Callable[[User], Client],
) -> None:
    pk = running_interview.pk
    pages = [
        reverse("interview", args=[pk]),
        reverse("answer", args=[pk, 1]),
        reverse("interview-clock", args=[pk]),
        reverse("interview-finish", args=[pk]),
        reverse("self-score", args=[pk]),
        reverse("feedback", args=[pk]),
    ]
    acts = [
        reverse("answer-save", args=[pk, 1]),
        reverse("answer-flag", args=[pk, 1]),
        reverse("answer-open", args=[pk, 1]),
        reverse("interview-finish", args=[pk]),
        reverse("self-score", args=[pk]),
        reverse("self-score-skip", args=[pk]),
        reverse("ask-for-review", args=[pk]),
    ]
    for person in (other_candidate, superuser):
        stranger = client_of(person)
        assert {stranger.get(url).status_code for url in pages} == {404}
        assert {stranger.post(url).status_code for url in acts} == {404}
    running_interview.refresh_from_db()
    assert running_interview.ended_at is None


def test_the_clock_tells_the_seconds_left_in_one_query(
    tab: Client, running_interview: Interview
) -> None:
    url = reverse("interview-clock", args=[running_interview.pk])
    assert cost(tab, f"{url}?question=2") == 1
    left = tab.get(f"{url}?question=2").json()["seconds_left"]
    assert left == pytest.approx(12 * 60, abs=30)
    move_back(running_interview, "1 hour")
    assert tab.get(f"{url}?question=2").json() == {"seconds_left": 0}


def test_the_clock_of_no_question_tells_the_whole_sittings_in_one_query(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    url = reverse("interview-clock", args=[interview.pk])
    assert cost(tab, url) == 1
    assert tab.get(url).json()["seconds_left"] == pytest.approx(12 * 60, abs=30)
    assert tab.get(f"{url}?question=1").json()["seconds_left"] == pytest.approx(4 * 60, abs=30)


@pytest.mark.parametrize("question", ["9", "x", "-1", "99999999999"])
def test_the_clock_of_no_question_is_not_found(
    tab: Client, running_interview: Interview, question: str
) -> None:
    url = reverse("interview-clock", args=[running_interview.pk])
    assert tab.get(f"{url}?question={question}").status_code == 404


def test_the_interview_leads_to_where_one_wrote_last(
    tab: Client, running_interview: Interview
) -> None:
    write(running_interview, 3, "something")
    write(running_interview, 2, "something")
    reply = tab.get(reverse("interview", args=[running_interview.pk]))
    assert reply["Location"] == reverse("answer", args=[running_interview.pk, 2])
