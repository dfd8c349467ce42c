"""Setting up a new interview: what is shown before the start, and what is started."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import TimingProfile, User
from interview.models import Interview
from questions.models import Question, QuestionSet, Status, Topic
from tests.interview.test_mixed_interview import ask, make_set
from tests.interview.test_room_pages import SESSION_WITH_USER

URL = "/interviews/new/"
DEPENDS = ". The exact time depends on which ones come."


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


@pytest.fixture
def other_set(question_set: QuestionSet) -> QuestionSet:
    other = QuestionSet.objects.create(
        slug="advanced", title="Advanced", license="CC0-1.0", status=Status.PUBLISHED
    )
    Question.objects.create(question_set=other, slug="hard", prompt="Hard?", minutes=100)
    Question.objects.create(question_set=other, slug="long", prompt="Long?", minutes=100)
    return other


def begin(tab: Client, **fields: object) -> None:
    tab.post(URL, {"question_set": "basics", "mode": "free", "minutes": 12, **fields})


@pytest.mark.parametrize("name", ["interview-new", "interview-new-mixed"])
def test_of_the_two_ways_the_one_that_is_taken_is_marked(
    tab: Client, question_set: QuestionSet, name: str
) -> None:
    html = tab.get(reverse(name)).content.decode()
    (ways,) = re.findall(r'<nav class="tabs".*?</nav>', html, re.DOTALL)
    assert re.findall(r'href="(.*?)" aria-current="page"', ways) == [reverse(name)]


def test_topics_come_by_their_titles_whatever_their_case(
    tab: Client, question_set: QuestionSet
) -> None:
    for title in ("Workloads", "kubectl", "Data plane"):
        question_set.topics.add(Topic.objects.create(slug=title.lower()[:4], title=title))
    html = tab.get(reverse("interview-new-mixed")).content.decode()
    assert html.index("Data plane") < html.index("kubectl") < html.index("Workloads")


def test_questions_time_and_profile_are_shown_before_the_start(
    tab: Client, question_set: QuestionSet
) -> None:
    html = tab.get(URL).content.decode()
    assert "3 questions · 12 minutes" in html
    assert 'value="12"' in html
    assert "as usual, clock shown" in html
    assert not Interview.objects.exists()


def test_what_is_asked_stays_secret_until_the_start(tab: Client, question_set: QuestionSet) -> None:
    assert "What is question" not in tab.get(URL).content.decode()


def test_a_set_is_chosen_by_its_address(tab: Client, other_set: QuestionSet) -> None:
    html = tab.get(URL, {"set": "basics"}).content.decode()
    assert 'name="question_set" value="basics"' in html
    html = tab.get(URL, {"set": "advanced"}).content.decode()
    assert 'name="question_set" value="advanced"' in html
    assert 'value="180"' in html


def test_an_unknown_set_is_answered_with_another(tab: Client, question_set: QuestionSet) -> None:
    assert 'value="basics"' in tab.get(URL, {"set": "nothing"}).content.decode()


def test_the_timing_profile_is_said_in_words(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    profile = TimingProfile.objects.create(user=candidate, factor="1.50", show_clock=False)
    html = tab.get(URL).content.decode()
    assert "1.5 times the minutes, clock hidden" in html
    profile.factor = None
    profile.save()
    assert "no limit, the minutes are only a guide" in tab.get(URL).content.decode()


TIMING = {"time": "2", "factor": "", "announcements": ["15", "2"]}  # and no "show_clock"


def test_the_timing_profile_is_changed_by_the_start(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    begin(tab, **TIMING)
    profile = TimingProfile.objects.get(user=candidate)
    assert profile.factor == 2
    assert (profile.show_clock, profile.announcements) == (False, [15, 2])
    interview = Interview.objects.get()
    assert interview.deadline == interview.started_at + timedelta(minutes=24)


def test_a_start_that_says_nothing_of_the_time_leaves_the_profile(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    begin(tab)
    assert TimingProfile.objects.get(user=candidate).untimed
    assert Interview.objects.get().deadline is None


def test_a_start_with_the_profile_as_it_is_writes_none(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    begin(tab, time="1", factor="", show_clock="on", announcements=["10", "5", "1"])
    assert Interview.objects.exists()
    assert not TimingProfile.objects.exists()


def test_a_wrong_factor_starts_nothing_and_keeps_all_that_was_chosen(
    tab: Client, question_set: QuestionSet, other_set: QuestionSet
) -> None:
    wrong = {"mode": "one_at_a_time", "minutes": 33, "time": "other", "factor": "11"}
    html = tab.post(URL, {"question_set": "basics", **wrong}).content.decode()
    assert not Interview.objects.exists()
    assert not TimingProfile.objects.exists()
    assert '<details class="disclosure" open>' in html
    assert html.count("Enter a number from 1 to 10.") == 2  # In the summary and at the field.
    assert 'name="factor" value="11"' in html
    assert 'name="question_set" value="basics"' in html
    assert 'value="one_at_a_time" checked' in html
    assert 'name="minutes" value="33"' in html


def test_wrong_minutes_keep_the_chosen_time_and_store_nothing(
    tab: Client, question_set: QuestionSet
) -> None:
    html = tab.post(
        URL, {"question_set": "basics", "mode": "free", "minutes": 1, **TIMING}
    ).content.decode()
    assert 'name="time" value="2" required id="id_time_3" checked' in html
    assert not TimingProfile.objects.exists()


def test_start_leads_to_the_room(tab: Client, question_set: QuestionSet) -> None:
    reply = tab.post(
        URL, {"question_set": "basics", "mode": "one_at_a_time", "minutes": 30}, follow=True
    )
    interview = Interview.objects.get()
    assert (interview.title, interview.mode) == ("Basics", "one_at_a_time")
    assert interview.limit == timedelta(minutes=30)
    assert reply.redirect_chain[-1][0] == reverse("answer", args=[interview.pk, 1])


def test_only_published_questions_are_asked(tab: Client, question_set: QuestionSet) -> None:
    question_set.questions.filter(position=1).update(status=Status.RETIRED)
    question_set.questions.filter(position=2).update(status=Status.DRAFT)
    begin(tab)
    answer = Interview.objects.get().answers.get()
    assert answer.question_version.prompt == "What is question 3 about?"


@pytest.mark.parametrize("minutes", ["4", "181", "", "x", "-5", "9" * 40])
def test_minutes_out_of_range_come_back_with_the_error(
    tab: Client, question_set: QuestionSet, minutes: str
) -> None:
    html = tab.post(
        URL, {"question_set": "basics", "mode": "one_at_a_time", "minutes": minutes}
    ).content.decode()
    assert 'aria-invalid="true"' in html
    assert f'value="{minutes}"' in html or not minutes
    assert 'value="one_at_a_time" checked' in html
    assert not Interview.objects.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_a_set_that_is_not_published_can_not_be_sat(
    tab: Client, question_set: QuestionSet, status: Status
) -> None:
    QuestionSet.objects.update(status=status)
    begin(tab)
    assert not Interview.objects.exists()
    assert "No sets yet" in tab.get(URL).content.decode()


def test_a_set_that_was_retired_meanwhile_is_not_replaced_by_another(
    tab: Client, question_set: QuestionSet, other_set: QuestionSet
) -> None:
    QuestionSet.objects.filter(pk=question_set.pk).update(status=Status.RETIRED)
    html = tab.post(
        URL, {"question_set": "basics", "mode": "one_at_a_time", "minutes": 12}
    ).content.decode()
    assert not Interview.objects.exists()
    assert "can’t be sat any more" in html
    assert 'name="question_set" value="advanced"' in html
    assert 'value="one_at_a_time" checked' in html


def test_an_unknown_mode_starts_nothing(tab: Client, question_set: QuestionSet) -> None:
    begin(tab, mode="backwards")
    assert not Interview.objects.exists()


def test_a_running_interview_is_offered_to_resume_or_to_finish(
    tab: Client, running_interview: Interview
) -> None:
    html = tab.get(URL).content.decode()
    assert reverse("interview", args=[running_interview.pk]) in html
    assert reverse("interview-finish", args=[running_interview.pk]) in html


def test_a_second_start_leads_to_the_running_one(tab: Client, running_interview: Interview) -> None:
    reply = tab.post(URL, {"question_set": "basics", "mode": "free", "minutes": 12}, follow=True)
    assert "You have an interview running" in reply.content.decode()
    assert reply.redirect_chain[-1][0] == reverse("answer", args=[running_interview.pk, 1])
    assert Interview.objects.count() == 1


# Mixed questions.

MIXED = "/interviews/new/mixed/"
MATCHING = "/interviews/new/mixed/matching/"
USUAL = {"number": "5", "mode": "free", "not_last_week": "on"}


def begin_mixed(tab: Client, **fields: object) -> Any:
    """The page that it leads to, with its redirects."""
    return tab.post(MIXED, {**USUAL, **fields}, follow=True)


def checked(html: str, name: str) -> set[str]:
    """The values of the boxes of that name that are ticked."""
    boxes = re.findall(rf'<input type="checkbox" name="{name}"[^>]*>', html)
    return {re.findall(r'value="([^"]*)"', box)[0] for box in boxes if " checked" in box}


def test_a_sensible_mix_is_chosen_already(tab: Client) -> None:
    make_set("storage", 9, "storage")
    html = tab.get(MIXED).content.decode()
    assert re.search(r'name="number" value="5"', html)
    assert re.search(r'name="not_last_week"[^>]* checked', html)
    assert checked(html, "topics") == checked(html, "difficulties") == set()
    assert "9 questions match." in html
    assert f"5 of them are asked, in about 20 minutes{DEPENDS}" in html
    assert 'value="free" checked' in html
    assert "Your time:" in html


def test_both_ways_lead_to_each_other(tab: Client, question_set: QuestionSet) -> None:
    assert f'href="{MIXED}"' in tab.get(URL).content.decode()
    assert f'href="{URL}"' in tab.get(MIXED).content.decode()


def test_the_possible_minutes_of_a_mix_are_said_beforehand(tab: Client) -> None:
    assert "From 5 to 180. Left empty, as long as" in tab.get(MIXED).content.decode()


def test_an_address_chooses_beforehand(tab: Client) -> None:
    for slug in ("dns", "storage"):
        make_set(slug, 4, slug)
    chosen = {"topics": ["dns", "gone"], "difficulties": ["3", "2"], "number": "7"}
    html = tab.get(MIXED, {**chosen, "mode": "one_at_a_time"}).content.decode()
    assert checked(html, "topics") == {"dns"}
    assert checked(html, "difficulties") == {"2", "3"}
    assert 'name="number" value="7"' in html
    assert 'value="one_at_a_time" checked' in html
    assert re.search(r'name="not_last_week"[^>]* checked', html)


@pytest.mark.parametrize(
    "query", ["?number=99&topics=%00&mode=x", "?number=x&difficulties=9", "?topics=" + "x" * 3000]
)
def test_nonsense_in_an_address_changes_nothing(
    tab: Client, question_set: QuestionSet, query: str
) -> None:
    html = tab.get(MIXED + query).content.decode()
    assert 'name="number" value="5"' in html
    assert "Please check" not in html


def test_a_mix_is_started_as_it_was_chosen(tab: Client) -> None:
    for slug in ("dns", "linux", "storage"):
        make_set(slug, 4, slug, difficulty=2)
    make_set("hard", 4, "dns", difficulty=3)
    begin_mixed(tab, topics=["dns", "storage"], difficulties=["1", "2"], minutes="33", number="6")
    interview = Interview.objects.get()
    assert interview.title == "Mixed: Dns, Storage"
    assert interview.limit == timedelta(minutes=33)
    assert interview.question_set is None
    asked = Question.objects.filter(versions__answers__interview=interview)
    assert asked.count() == 6
    assert set(asked.values_list("question_set__slug", flat=True)) == {"dns", "storage"}


def test_without_minutes_it_takes_as_long_as_its_questions(tab: Client) -> None:
    make_set("storage", 5)
    begin_mixed(tab)
    assert Interview.objects.get().limit == timedelta(minutes=20)


def test_minutes_never_leave_what_is_possible(tab: Client) -> None:
    make_set("storage", 5)
    for minutes, limit in ((100, 180), (1, 5)):
        Question.objects.update(minutes=minutes)
        begin_mixed(tab, not_last_week="")
        assert Interview.objects.latest("id").limit == timedelta(minutes=limit)
        Interview.objects.latest("id").finish()


@pytest.mark.parametrize(
    "field",
    [
        *({"number": number} for number in ("2", "16", "", "x", "-5", "9" * 40)),
        *({"minutes": minutes} for minutes in ("4", "181", "x", "9" * 40)),
        {"topics": ["gone"]},
        {"topics": ["storage"] * 500 + ["x"] * 400},
        {"difficulties": ["4"]},
        {"mode": "backwards"},
    ],
    ids=lambda field: " ".join(f"{name} {value}"[:30] for name, value in field.items()),
)
def test_what_makes_no_sense_starts_nothing_and_keeps_the_rest(
    tab: Client, field: dict[str, str]
) -> None:
    make_set("storage", 9, "storage")
    html = begin_mixed(tab, **{"difficulties": ["2"], **field}).content.decode()
    assert not Interview.objects.exists()
    assert "Please check" in html
    assert checked(html, "difficulties") == ({"2"} if "difficulties" not in field else set())


def test_too_few_is_said_beside_the_number_with_what_helps(tab: Client, candidate: User) -> None:
    questions = list(make_set("storage", 7, "storage").questions.all())
    ask(candidate, questions[:4])
    html = begin_mixed(tab, topics=["storage"], minutes="30", mode="one_at_a_time").content.decode()
    assert "Only 3 questions match." in html
    assert "Too few to ask 5." in html
    assert 'name="remedy" value="last-week-too">Also those of last week: 7 match<' in html
    assert 'name="remedy" value="all-that-match">Ask all 3<' in html
    assert checked(html, "topics") == {"storage"}
    assert 'name="minutes" value="30"' in html
    assert 'value="one_at_a_time" checked' in html
    assert Interview.objects.count() == 1


def test_one_press_asks_all_that_match(tab: Client) -> None:
    make_set("storage", 2)
    begin_mixed(tab, remedy="all-that-match")
    assert Interview.objects.get().answers.count() == 2


def test_one_press_takes_last_week_s_too(tab: Client, candidate: User) -> None:
    questions = list(make_set("storage", 6).questions.all())
    ask(candidate, questions[:4])
    begin_mixed(tab, remedy="last-week-too")
    assert Interview.objects.running().get().answers.count() == 5


def test_where_last_week_s_don_t_suffice_they_stay_chosen(tab: Client, candidate: User) -> None:
    questions = list(make_set("storage", 4).questions.all())
    ask(candidate, questions[:3])
    html = begin_mixed(tab, remedy="last-week-too").content.decode()
    assert "Only 4 questions match." in html
    assert not re.search(r'name="not_last_week"[^>]* checked', html)
    assert "Also those of last week" not in html
    assert ">Ask all 4<" in html


def test_where_nothing_matches_nothing_can_be_asked(tab: Client) -> None:
    make_set("storage", 4, difficulty=1)
    for remedy in ("", "all-that-match"):
        html = begin_mixed(tab, difficulties="3", remedy=remedy).content.decode()
        assert "No question matches." in html
        assert 'name="remedy"' not in html
    assert not Interview.objects.exists()


def test_a_number_out_of_range_promises_nothing(tab: Client) -> None:
    make_set("storage", 6)
    html = tab.get(f"{MIXED}matching/", {"number": "30"}).content.decode()
    assert "6 questions match." in html
    assert "asked" not in html


def test_without_a_question_the_page_still_stands(tab: Client) -> None:
    assert "No question matches." in tab.get(MIXED).content.decode()


def test_counting_again_starts_nothing(tab: Client) -> None:
    make_set("storage", 9, difficulty=2)
    make_set("dns", 4, difficulty=1)
    html = begin_mixed(tab, difficulties="1", count="1").content.decode()
    assert "4 questions match." in html
    assert "Please check" not in html
    assert not Interview.objects.exists()


def test_the_count_is_a_fragment_of_its_own(tab: Client, candidate: User) -> None:
    questions = list(make_set("storage", 8, "storage").questions.all())
    make_set("dns", 5)
    ask(candidate, questions[:1])
    reply = tab.get(MATCHING, {"topics": "storage", "number": "3", "not_last_week": "on"})
    html = reply.content.decode()
    assert "7 questions match." in html
    assert f"3 of them are asked, in about 12 minutes{DEPENDS}" in html
    assert "<html" not in html
    assert "no-store" in reply["Cache-Control"]
    assert "8 questions match." in tab.get(MATCHING, {"topics": "storage"}).content.decode()


@pytest.mark.parametrize("query", ["number=x", "topics=gone", "difficulties=x", "minutes=-1"])
def test_the_count_bears_what_makes_no_sense(
    tab: Client, question_set: QuestionSet, query: str
) -> None:
    assert "3 questions match." in tab.get(f"{MATCHING}?{query}").content.decode()


def test_of_very_many_it_says_only_that_there_are_more(tab: Client) -> None:
    make_set("large", 501)
    assert "More than 500 questions match." in tab.get(MIXED).content.decode()


def test_no_page_knows_what_will_be_asked(tab: Client, candidate: User) -> None:
    questions = list(make_set("storage", 4, "storage").questions.all())
    ask(candidate, questions[:1])
    pages = [
        tab.get(MIXED).content.decode(),
        tab.get(MATCHING).content.decode(),
        begin_mixed(tab).content.decode(),
    ]
    for page in pages:
        assert "What is storage" not in page
        assert "question-" not in page.replace("question-map", "")


def test_a_mixed_start_leads_to_the_running_one(tab: Client, running_interview: Interview) -> None:
    """Also where what runs took the questions: 3 are there and all are asked."""
    for number in ("3", "15"):
        reply = begin_mixed(tab, number=number)
        assert "You have an interview running. Here it is." in reply.content.decode()
        assert reply.redirect_chain[-1][0] == reverse("answer", args=[running_interview.pk, 1])
    assert Interview.objects.count() == 1
    assert "Finish it before you start another." in tab.get(MIXED).content.decode()


def test_the_timing_profile_is_kept_with_a_mixed_start(tab: Client, candidate: User) -> None:
    make_set("storage", 5)
    begin_mixed(tab, time="2", show_clock="on")
    assert TimingProfile.objects.get(user=candidate).factor == 2
    assert Interview.objects.get().time_factor == 2


def test_the_mixed_pages_cost_the_same_for_five_questions_as_for_five_hundred(
    tab: Client, candidate: User
) -> None:
    def cost() -> list[int]:
        costs = []
        for url in (MIXED, MATCHING, "/interviews/quick-start/"):
            with CaptureQueriesContext(connection) as queries:
                assert tab.get(url).status_code == 200
            costs.append(len(queries) - SESSION_WITH_USER)
        return costs

    make_set("small", 5, "storage")
    few = cost()
    ask(candidate, list(Question.objects.all())[:2], "30 days")
    for number in range(5):
        make_set(f"set-{number}", 99, f"topic-{number}")
    assert cost() == few
    assert max(few) <= 6  # Two of them tell the menu what this person may do.


# Another one like it.


def test_a_set_is_sat_again_from_its_feedback(tab: Client, ended_interview: Interview) -> None:
    ended_interview.reveal()
    html = tab.get(reverse("feedback", args=[ended_interview.pk])).content.decode()
    assert f'href="{URL}?set=basics">Sit it again<' in html


def test_another_mix_has_the_same_choice(tab: Client) -> None:
    make_set("storage", 9, "storage", difficulty=1)
    begin_mixed(tab, topics="storage", difficulties=["1", "2"], number="3", mode="one_at_a_time")
    interview = Interview.objects.get()
    interview.finish()
    interview.reveal()
    html = tab.get(reverse("feedback", args=[interview.pk])).content.decode()
    link = re.search(r'href="([^"]*)">Another mix like it<', html)
    assert link
    page = tab.get(unescape(link[1])).content.decode()
    assert checked(page, "topics") == {"storage"}
    assert checked(page, "difficulties") == {"1", "2"}
    assert 'name="number" value="3"' in page
    assert 'value="one_at_a_time" checked' in page


def test_what_an_invitation_chose_is_not_offered_again(
    tab: Client, ended_interview: Interview
) -> None:
    Interview.objects.update(question_set=None)
    ended_interview.reveal()
    html = tab.get(reverse("feedback", args=[ended_interview.pk])).content.decode()
    assert "Sit it again" not in html
    assert "Another mix" not in html


def test_a_topic_is_practised_from_its_page(tab: Client) -> None:
    make_set("storage", 3, "storage")
    topic = Topic.objects.create(slug="empty", title="Empty")
    page = tab.get(reverse("topic", args=["storage"])).content.decode()
    assert f'href="{MIXED}?topics=storage">Sit questions on this topic<' in page
    assert "Sit questions" not in tab.get(topic.get_absolute_url()).content.decode()
