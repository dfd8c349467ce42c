"""The progress page: scores over time, practice by week, the gap, and mastery by topic."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import TimingProfile, User
from interview.chart import bars_of, line_of
from interview.mastery import Mastery, masteries_of
from interview.models import Interview, Mark, Review
from interview.progress import Practice, halves_of, practice_of, scores_of
from questions.models import Question, QuestionSet, Status, Topic
from tests.conftest import make_question, start_interview, write
from tests.interview.practising import mark_beside_the_answers, sit, sit_often
from tests.interview.reviewing import grade, pass_a_minute, token_of

ClientOf = Callable[[User], Client]
URL = "/progress/"
SESSION_WITH_USER = 1


@pytest.fixture
def tab(candidate: User, client_of: ClientOf) -> Client:
    return client_of(candidate)


@pytest.fixture
def networking(question_set: QuestionSet) -> Topic:
    """What the set is on."""
    topic = Topic.objects.create(slug="networking", title="Networking")
    question_set.topics.add(topic)
    return topic


def page_of(client: Client) -> str:
    reply = client.get(URL)
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def mastery_of(candidate: User, topic: Topic) -> Mastery:
    return next(one for one in masteries_of(candidate) if one.topic == topic)


def scores_told(candidate: User) -> list[tuple[float | None, ...]]:
    """Of each sitting the own, the guided and the reviewer's score, the oldest first."""
    return [
        tuple(
            None if score is None else float(score)
            for score in (one.self_score, one.guided_score, one.reviewer_score)
        )
        for one in scores_of(candidate).sittings
    ]


# Empty, and whose it is.


def test_before_the_first_interview_there_is_one_thing_to_do(
    tab: Client, question_set: QuestionSet
) -> None:
    main = page_of(tab).split("<main")[1].split("</main>")[0]
    assert "Sit your first mock interview" in main
    assert main.count("<a ") == 1
    assert f'href="{reverse("quick-start")}"' in main
    assert "<svg" not in main


def test_everybody_sees_their_own_alone(
    tab: Client,
    question_set: QuestionSet,
    networking: Topic,
    other_candidate: User,
    reviewer: User,
) -> None:
    sit(other_candidate, question_set, "half", reviewer=reviewer)
    assert "Sit your first mock interview" in page_of(tab)


def test_it_is_found_from_the_menu_the_list_and_the_feedback(
    tab: Client,
    candidate: User,
    reviewer: User,
    question_set: QuestionSet,
    client_of: ClientOf,
) -> None:
    interview = sit(candidate, question_set, "half")
    link = f'<a href="{URL}" aria-current="page">Progress</a>'
    assert link in page_of(tab).split('id="account-menu"')[0]
    # The line of a reviewer's links is full.
    assert link in page_of(client_of(reviewer)).split('id="account-menu"')[1]
    assert page_of(client_of(reviewer)).count(link) == 1
    for url in (reverse("interview-list"), reverse("feedback", args=[interview.pk])):
        main = tab.get(url).content.decode().split("<main")[1]
        assert f'href="{URL}"' in main
    assert URL not in Client().get("/").content.decode()


# Scores over time.


def test_one_interview_is_a_chart_and_a_row(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    sit(candidate, question_set, "half")
    page = page_of(tab)
    assert scores_told(candidate) == [(50, None, None)]
    assert 'aria-label="The scores of one interview. The numbers are in the table below."' in page
    # At the left, above its date, where the line will begin.
    assert "M12 100h0" in page
    assert "the line begins with the next." in page
    row = page.split('aria-label="Scores by interview"')[1].split("<tbody>")[1].split("</tr>")[0]
    assert '<td class="number">50</td><td class="number">–</td>' in row
    assert "beside the model answers" not in page


def test_own_guided_and_reviewers_scores_are_told_apart(
    tab: Client, candidate: User, question_set: QuestionSet, reviewer: User
) -> None:
    first = sit(candidate, question_set, "full")
    mark_beside_the_answers(first, "missed")
    sit(candidate, question_set, reviewer=reviewer, value="half")
    assert scores_told(candidate) == [(100, 0, None), (None, None, 50)]
    page = page_of(tab)
    assert "the line begins" not in page
    assert "You, beside the model answers" in page
    assert "Squares: your marks beside the model answers." in page
    row = page.split('aria-label="Scores by interview"')[1].split("<tbody>")[1].split("</tr>")[1]
    cells = '<td class="number">100</td><td class="number">0</td><td class="number">–</td>'
    assert cells in row


def test_only_what_is_published_and_visible_counts_as_a_reviewer_s(
    candidate: User, question_set: QuestionSet, reviewer: User, networking: Topic
) -> None:
    interview = sit(candidate, question_set, "half")
    interview.ask_for_review()
    review = interview.assignments.get().claim(reviewer)
    grade(review, "missed")
    told = scores_told(candidate), mastery_of(candidate, networking).score
    assert told == ([(50, None, None)], 50)
    review.publish(token_of(review))
    # It can still be taken back.
    told = scores_told(candidate), mastery_of(candidate, networking).score
    assert told == ([(50, None, None)], 50)
    pass_a_minute(review)
    told = scores_told(candidate), mastery_of(candidate, networking).score
    assert told == ([(50, None, 0)], 0)


def test_nothing_of_a_review_is_told_before_the_self_score(
    tab: Client, candidate: User, question_set: QuestionSet, reviewer: User, networking: Topic
) -> None:
    interview = start_interview(candidate, question_set)
    interview.finish()
    interview.ask_for_review()
    review = interview.assignments.get().claim(reviewer)
    grade(review)
    review.publish(token_of(review))
    pass_a_minute(review)
    page = page_of(tab)
    assert "No scores yet." in page
    assert "each topic is listed here" in page
    assert "Score yourself on Basics" in page


def test_a_corrected_review_counts_as_it_stands(
    candidate: User, question_set: QuestionSet, reviewer: User, networking: Topic
) -> None:
    interview = sit(candidate, question_set, reviewer=reviewer, value="missed")
    correction = interview.reviews.get(kind=Review.Kind.REVIEWER).correct("Misread.")
    correction.marks.update(value="full")
    assert scores_told(candidate) == [(None, None, 0)]
    correction.publish(None)
    assert scores_told(candidate) == [(None, None, 0)]
    assert mastery_of(candidate, networking).score == 0
    pass_a_minute(correction)
    assert scores_told(candidate) == [(None, None, 100)]
    found = mastery_of(candidate, networking)
    assert (found.score, len(found.points)) == (100, 6)


def test_the_newest_twenty_are_shown_and_all_are_counted(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    for own in ["missed"] * 2 + ["full"] * 22:
        sit(candidate, question_set, own)
    assert scores_told(candidate) == [(100, None, None)] * 20
    page = page_of(tab)
    assert "The newest 20 of 24 with a score." in page
    assert "Over all of them you gave yourself 92 on average." in page
    assert "your reviewers gave you" not in page
    assert (
        page.split('aria-label="Scores by interview"')[1].split("</table>")[0].count("<tr>") == 21
    )


def test_the_older_half_is_told_beside_the_newer(
    tab: Client, candidate: User, question_set: QuestionSet, reviewer: User
) -> None:
    for own in ("missed", "half", "full"):
        sit(candidate, question_set, own)
    assert "older half" not in page_of(tab)
    sit(candidate, question_set, "full")
    assert (
        "You gave yourself 25 on average in the older half of these, and 100 in the newer."
        in page_of(tab)
    )
    for value in ("missed", "missed", "half", "half"):
        sit(candidate, question_set, "full", reviewer=reviewer, value=value)
    assert (
        "Your reviewers gave you 0 on average in the older half of these, and 50 in the newer."
        in page_of(tab)
    )


def test_halves_leave_out_what_has_no_score() -> None:
    assert halves_of([None, 10, None, 20, 30]) is None
    halves = halves_of([0, None, 50, 60, None, 100, 80])
    assert halves
    assert (halves.older, halves.newer) == (25, 80)


def test_an_untimed_interview_counts_like_any_other(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    interview = sit(candidate, question_set, "half")
    assert interview.deadline is None
    assert scores_told(candidate) == [(50, None, None)]
    assert "You sat interviews in one of the last 4 weeks." in page_of(tab)


# The drawings.


def test_a_place_without_a_score_stays_empty() -> None:
    line = line_of([0, None, 100])
    assert line.path == "12,188 628,12"
    assert line.dots == "M12 188h0M628 12h0"


def test_bars_are_as_high_as_their_counts() -> None:
    assert bars_of([0, 0]) == ""
    assert bars_of([]) == ""
    # Of 12 the highest is as high as the drawing; a low count is not.
    assert bars_of([12, 6]) == "M53.3333 200v-188h213.333V200zM373.333 200v-94h213.333V200z"
    assert bars_of([1]) == "M106.667 200v-62.6667h426.667V200z"


# The gap.


def test_the_gap_is_the_one_of_the_comparison(
    tab: Client, candidate: User, question_set: QuestionSet, reviewer: User
) -> None:
    sit(candidate, question_set, "full", reviewer=reviewer, value="half")
    sit(candidate, question_set, reviewer=reviewer, value="missed")
    sentence = "On average you gave yourself 100 and your reviewers 50 of 100."
    compare = reverse("interview-compare")
    assert sentence in page_of(tab)
    assert f'href="{compare}"' in page_of(tab).split("<main")[1]
    assert sentence in tab.get(compare).content.decode()


@pytest.mark.parametrize("reviewed", [False, True])
def test_without_both_scores_it_says_how_to_get_them(
    tab: Client, candidate: User, question_set: QuestionSet, reviewer: User, reviewed: bool
) -> None:
    if reviewed:
        sit(candidate, question_set, reviewer=reviewer)
    else:
        sit(candidate, question_set, "half")
    assert "Mark yourself, then ask for a review" in page_of(tab)


# Practice.


def weeks_of(candidate: User, today: date) -> list[int]:
    return [week.sittings for week in practice_of(candidate, today).weeks]


@pytest.mark.parametrize(
    ("weeks_ago", "words"),
    [
        ([0], "You sat interviews in one of the last 4 weeks."),
        ([0, 0, 1, 3], "You sat interviews in 3 of the last 4 weeks."),
        ([0, 1, 2, 3], "You sat interviews in each of the last 4 weeks."),
        ([4, 7], "The last weeks were for other things."),
        ([30], "The last weeks were for other things."),
    ],
)
def test_weeks_with_practice_are_told_and_none_is_mourned(
    tab: Client, candidate: User, question_set: QuestionSet, weeks_ago: list[int], words: str
) -> None:
    for weeks in sorted(weeks_ago, reverse=True):
        sit(candidate, question_set, ago=f"{weeks} weeks" if weeks else "")
    page = page_of(tab)
    assert words in page
    for shame in ("streak", "lost", "broke", "missed a", "only"):
        assert shame not in page.split('id="practice"')[1].split("</section>")[0].lower()


def test_a_week_is_of_the_reader_s_zone_and_begins_on_monday(
    candidate: User, question_set: QuestionSet
) -> None:
    interview = sit(candidate, question_set)
    # A Monday, half past midnight in Berlin and still Sunday in New York.
    moment = datetime(2025, 11, 23, 23, 30, tzinfo=ZoneInfo("UTC"))
    Interview.objects.filter(pk=interview.pk).update(started_at=moment)
    with timezone.override("Europe/Berlin"):
        assert weeks_of(candidate, date(2025, 11, 24)) == [0] * 11 + [1]
        assert weeks_of(candidate, date(2025, 11, 30)) == [0] * 11 + [1]
        assert weeks_of(candidate, date(2025, 12, 1)) == [0] * 10 + [1, 0]
    with timezone.override("America/New_York"):
        assert weeks_of(candidate, date(2025, 11, 24)) == [0] * 10 + [1, 0]


def test_the_browser_s_zone_decides_on_the_page(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    """Weeks begin when they do for the reader: the page names this week's Monday there."""
    sit(candidate, question_set)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        tab.cookies["time_zone"] = zone
        with timezone.override(zone):
            today = timezone.localdate()
        monday = today - timedelta(days=today.weekday())
        first = page_of(tab).split("Week of")[1].split('<th scope="row">')[1].split("</th>")[0]
        assert first == f'<time datetime="{monday}">{monday.day} {monday:%B %Y}</time>'


def test_a_clock_that_changes_moves_no_sitting_to_another_week(
    candidate: User, question_set: QuestionSet
) -> None:
    interview = sit(candidate, question_set)
    # In Berlin summer time ends on 26 October 2025; this is Sunday, 23:30.
    moment = datetime(2025, 10, 26, 22, 30, tzinfo=ZoneInfo("UTC"))
    Interview.objects.filter(pk=interview.pk).update(started_at=moment)
    with timezone.override("Europe/Berlin"):
        assert weeks_of(candidate, date(2025, 10, 27)) == [0] * 10 + [1, 0]


def test_only_a_sitting_with_something_written_is_practice(
    candidate: User, question_set: QuestionSet
) -> None:
    empty = start_interview(candidate, question_set)
    write(empty, 1, " \n ")
    today = timezone.localdate()
    assert sum(weeks_of(candidate, today)) == 0
    write(empty, 2, "Something.")
    assert sum(weeks_of(candidate, today)) == 1


def test_the_chart_of_weeks_has_its_table(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    sit(candidate, question_set, ago="1 week")
    sit(candidate, question_set)
    sit(candidate, question_set)
    section = page_of(tab).split('id="practice"')[1].split("</section>")[0]
    assert "3 interviews in 12 weeks; this week is on the right." in section
    cells = [part.split("</td>")[0] for part in section.split('<td class="number">')[1:]]
    assert cells == ["2", "1", *["0"] * 10]


def test_no_practice_in_twelve_weeks_shows_no_empty_chart() -> None:
    assert Practice([]).total == 0
    assert Practice([]).practised == 0


# Mastery.


def test_mastery_is_weighted_and_said_in_words(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic, reviewer: User
) -> None:
    interview = sit(candidate, question_set, reviewer=reviewer)
    marks = Mark.objects.filter(interview=interview)
    marks.filter(key="side").update(value="missed")
    marks.filter(key="side", answer__position=1).update(value="half")
    found = mastery_of(candidate, networking)
    # (3 × 2 × 1 + 1 × 1 × ½) ÷ (3 × 3)
    assert found.score == 72
    page = page_of(tab)
    assert "The last 6 key points: 3 full, 1 half, 2 missed" in page
    assert "marked by reviewers" in page
    assert '<path class="chart__value" d="M0 4H72"/>' in page
    assert "each by its newest mark: full counts 1, half ½, times the weight" in page


def test_a_weight_is_what_it_was_when_it_was_asked(
    candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    interview = sit(candidate, question_set, "full")
    Mark.objects.filter(interview=interview, key="side").update(value="missed")
    for question in Question.objects.all():
        question.key_points.filter(key="side").update(weight=10)
        question.record_version()
    assert mastery_of(candidate, networking).score == 67


def test_a_reviewer_s_mark_counts_before_one_s_own(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic, reviewer: User
) -> None:
    interview = sit(candidate, question_set, "full")
    assert "marked by yourself" in page_of(tab)
    mark_beside_the_answers(interview, "half")
    assert mastery_of(candidate, networking).score == 50
    interview.ask_for_review()
    review = interview.assignments.get().claim(reviewer)
    grade(review, "missed")
    review.publish(token_of(review))
    pass_a_minute(review)
    found = mastery_of(candidate, networking)
    assert (found.score, found.by_reviewers) == (0, 6)


def test_a_set_that_is_sat_again_replaces_its_marks(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic, reviewer: User
) -> None:
    sit(candidate, question_set, reviewer=reviewer, value="missed", ago="3 weeks")
    again = sit(candidate, question_set, "full")
    found = mastery_of(candidate, networking)
    assert (found.score, len(found.points), found.by_reviewers) == (100, 6, 0)
    # Of a point that was not marked again its last mark stays.
    Mark.objects.filter(interview=again, answer__position=3).delete()
    found = mastery_of(candidate, networking)
    assert (found.score, len(found.points), found.by_reviewers) == (67, 6, 2)
    assert "2 of them marked by reviewers" in page_of(tab)


def test_a_question_without_key_points_counts_as_one_point(
    candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    Question.objects.get(position=3).key_points.update(retired=True)
    Question.objects.get(position=3).record_version()
    interview = start_interview(candidate, question_set)
    interview.finish()
    both = {"main": "full", "side": "full"}
    interview.score_yourself({1: both, 2: both, 3: {"answers": "missed"}})
    found = mastery_of(candidate, networking)
    assert (len(found.points), found.score) == (5, 86)


def test_of_more_than_twenty_points_the_newest_twenty_count(
    candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    old = sit(candidate, question_set, "missed", ago="1 week")
    other = QuestionSet.objects.create(
        slug="other", title="Other", license="CC0-1.0", status=Status.PUBLISHED
    )
    other.topics.add(networking)
    for position in range(1, 10):
        make_question(other, position)
    interview = start_interview(candidate, other)
    interview.finish()
    interview.score_yourself({n: {"main": "full", "side": "full"} for n in range(1, 10)})
    found = mastery_of(candidate, networking)
    assert len(found.points) == 20
    # The 18 new ones, and of the old ones those of the first question.
    assert found.counts == {"full": 18, "half": 0, "missed": 2}
    assert found.score == 90
    assert found.newest_at == interview.started_at != old.started_at


def test_of_too_few_points_no_score_is_told_and_they_stand_last(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    storage = Topic.objects.create(slug="storage", title="Aaa storage")
    Question.objects.get(position=3).topics.add(storage)
    sit(candidate, question_set, "half")
    assert [(one.topic.title, one.score) for one in masteries_of(candidate)] == [
        ("Networking", 50),
        ("Aaa storage", None),
    ]
    assert "too few to tell" in page_of(tab)


def test_the_weakest_topic_stands_first(
    candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    storage = Topic.objects.create(slug="storage", title="Storage")
    for position in (2, 3):
        Question.objects.get(position=position).topics.add(storage)
    interview = sit(candidate, question_set, "full")
    Mark.objects.filter(interview=interview, answer__position=3).update(value="missed")
    assert [(one.topic.title, one.score) for one in masteries_of(candidate)] == [
        ("Storage", 50),
        ("Networking", 67),
    ]


def test_what_was_retired_since_still_says_what_one_knew(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    sit(candidate, question_set, "half", ago="2 weeks")
    Question.objects.update(status=Status.RETIRED)
    found = mastery_of(candidate, networking)
    assert (found.score, found.can_be_practised) == (50, False)
    # But nothing leads to where there is nothing left to practise.
    assert "Practise Networking" not in page_of(tab)


def test_a_set_that_was_deleted_from_the_interview_leaves_its_scores(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    interview = sit(candidate, question_set, "half")
    Interview.objects.filter(pk=interview.pk).update(question_set=None)
    assert "Basics" in page_of(tab)


def test_a_topic_has_the_name_that_it_has_today(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    sit(candidate, question_set, "half")
    Topic.objects.update(slug="traffic", title="<b>Traffic</b>")
    page = page_of(tab)
    assert "Networking" not in page
    assert '<a href="/topics/traffic/">&lt;b&gt;Traffic&lt;/b&gt;</a>' in page


def test_a_question_without_a_topic_is_in_no_row(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    sit(candidate, question_set, "half")
    assert "each topic is listed here" in page_of(tab)


# What it costs.


def test_five_interviews_cost_as_many_queries_as_five_hundred(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic, reviewer: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(tab)
        return len(captured) - SESSION_WITH_USER

    for _ in range(5):
        sit(candidate, question_set, "half", reviewer=reviewer)
    few = queries()
    sit_often(candidate, question_set, reviewer, 495)
    assert Interview.objects.of(candidate).count() == 500
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # As autovacuum does: by a plan for five this takes minutes.
    assert queries() == few
    assert few <= 8
    assert "The newest 20 of 500 with a score." in page_of(tab)
