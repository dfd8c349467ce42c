"""The history of an answer: what is kept, who may read it when, and what its page shows."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.models import Answer, Interview, Revision
from interview.saving import Save, save_answer
from interview.saving.restoring import restore
from questions.models import QuestionSet
from tests.conftest import move_back, start_interview, write

SESSION_WITH_USER = 1


def page_of(interview: Interview, position: int = 1) -> str:
    return reverse("answer-history", args=[interview.pk, position])


def pass_half_a_minute(interview: Interview) -> None:
    move_back(interview, "31 seconds")


def add_versions(interview: Interview, count: int, text: str = "version") -> None:
    """As after as many half minutes of typing; the answer itself has one text more."""
    answer = interview.answers.get(position=1)
    Revision.objects.bulk_create(
        Revision(
            interview=interview,
            answer=answer,
            number=number,
            text=f"{text} {number}",
            saved_at=interview.started_at + timedelta(seconds=30 * number),
        )
        for number in range(1, count + 1)
    )
    Answer.objects.filter(pk=answer.pk).update(
        text="as it stands",
        revision=count + 1,
        last_revision=count + 1,
        saved_at=interview.started_at + timedelta(seconds=30 * count + 5),
    )


def listed(html: str) -> list[str]:
    """The versions in the list, in their order: what stands beside each time."""
    items = re.findall(r'<li><a href="\?revision=.*?</a></li>', html, re.DOTALL)
    plain = (re.sub(r"<[^>]+>", " ", item.partition("</strong>")[2]) for item in items)
    return [" ".join(text.split()) for text in plain]


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


# What is kept (Rules of saving, 7).


def test_typing_conflict_restoring_finish_and_late_arrival_are_kept(
    running_interview: Interview,
) -> None:
    tab_a, tab_b = uuid4(), uuid4()

    def save(text: str, base: int, writer: UUID, sequence: int) -> None:
        save_answer(
            candidate=running_interview.candidate,
            interview=running_interview.pk,
            position=1,
            save=Save(text=text, base=base, writer=writer, sequence=sequence),
        )

    save("typed", 0, tab_a, 1)
    save("typed on, within half a minute", 1, tab_a, 2)
    save("from the stale tab", 0, tab_b, 1)
    answer = running_interview.answers.get(position=1)
    restore(answer.revisions.get(number=1), base=2)
    save("typed after that", 4, tab_a, 3)
    running_interview.finish()
    save("too late", 5, tab_a, 4)
    kept = answer.revisions.order_by("number").values_list("kind", "text")
    assert list(kept) == [
        ("typing", "typed"),
        ("typing", "typed on, within half a minute"),
        ("conflict", "from the stale tab"),
        ("restored", "typed"),
        ("finish", "typed after that"),
        ("late", "too late"),
    ]


def test_of_three_minutes_of_typing_there_is_one_version_each_half_minute(
    running_interview: Interview,
) -> None:
    for half_minute in range(6):
        for word in range(5):
            write(running_interview, 1, f"half minute {half_minute}, word {word}")
        pass_half_a_minute(running_interview)
    texts = Revision.objects.order_by("number").values_list("text", flat=True)
    assert list(texts) == [f"half minute {n}, word 0" for n in range(6)]


# What the page shows.


def test_it_lists_the_versions_newest_first_with_kind_and_words(
    tab: Client, running_interview: Interview
) -> None:
    write(running_interview, 1, "one")
    pass_half_a_minute(running_interview)
    write(running_interview, 1, "one two")
    save_answer(
        candidate=running_interview.candidate,
        interview=running_interview.pk,
        position=1,
        save=Save(text="from the other tab", base=0, writer=uuid4(), sequence=1),
    )
    assert listed(tab.get(page_of(running_interview)).content.decode()) == [
        "as it stands 2 words",
        "from another tab · 4 words",
        "while typing · 1 word",
    ]


def test_late_text_is_listed_with_its_delay_and_the_finish_in_words(
    tab: Client, running_interview: Interview
) -> None:
    write(running_interview, 1, "in time")
    running_interview.finish()
    answer = running_interview.answers.get(position=1)
    for number, kind, late_by in ((2, "late", timedelta(seconds=12)), (3, "finish", None)):
        answer.revisions.create(
            interview=running_interview,
            number=number,
            kind=kind,
            text="three words more",
            saved_at=running_interview.started_at,
            late_by=late_by,
        )
    assert listed(tab.get(page_of(running_interview)).content.decode()) == [
        "your answer 2 words",
        "at the end · 3 words",
        "late, 12 seconds · 3 words",
    ]


def test_times_are_in_the_reader_s_zone(tab: Client, running_interview: Interview) -> None:
    add_versions(running_interview, 1)
    Revision.objects.update(saved_at=datetime(2026, 7, 1, 12, 3, 22, tzinfo=UTC))
    tab.cookies["time_zone"] = "Asia/Tokyo"
    html = tab.get(page_of(running_interview)).content.decode()
    assert '<time datetime="2026-07-01T21:03:22+09:00">1 July, 21:03:22</time>' in html
    assert 'The text from <time datetime="2026-07-01T21:03:22+09:00">21:03:22</time>' in html


def test_the_newest_earlier_version_is_shown_until_another_is_chosen(
    tab: Client, running_interview: Interview
) -> None:
    add_versions(running_interview, 3)
    shown = '<div class="answer-text">version {}</div>'
    assert shown.format(3) in tab.get(page_of(running_interview)).content.decode()
    html = tab.get(page_of(running_interview), {"revision": 1}).content.decode()
    assert shown.format(1) in html
    versions = html[html.index('href="?revision=') :]
    assert versions.count('aria-current="true"') == 1


def test_what_stands_can_be_chosen_too_and_is_compared_with_nothing(
    tab: Client, running_interview: Interview
) -> None:
    add_versions(running_interview, 2)
    html = tab.get(page_of(running_interview), {"revision": 3}).content.decode()
    assert '<div class="answer-text">as it stands</div>' in html
    assert "<del>" not in html
    assert "Take this text back" not in html


@pytest.mark.parametrize("asked", ["99", "-1", "x", "9999999999999", "1.5"])
def test_a_version_that_there_is_not_is_not_found(
    tab: Client, running_interview: Interview, asked: str
) -> None:
    add_versions(running_interview, 2)
    assert tab.get(page_of(running_interview), {"revision": asked}).status_code == 404


def test_the_difference_to_what_stands_is_told_in_words(
    tab: Client, running_interview: Interview
) -> None:
    write(running_interview, 1, "The probe kills the Pod.")
    write(running_interview, 1, "The probe restarts the Pod.")
    html = tab.get(page_of(running_interview)).content.decode()
    plain = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "The probe [removed: kills] [added: restarts] the Pod." in plain
    assert "<del>" in html
    assert "<ins>" in html


def test_text_is_shown_as_it_was_typed_never_as_markup(
    tab: Client, running_interview: Interview
) -> None:
    write(running_interview, 1, "<b>one</b>\n\n  **two**")
    write(running_interview, 1, "<script>three</script>")
    html = tab.get(page_of(running_interview)).content.decode()
    assert "&lt;b&gt;one&lt;/b&gt;\n\n  **two**" in html
    assert "<b>" not in html
    assert "<script>three" not in html


def test_before_the_first_word_it_says_so(tab: Client, running_interview: Interview) -> None:
    html = tab.get(page_of(running_interview)).content.decode()
    assert "No history yet" in html
    assert "Back to the answer" in html


def test_after_the_end_of_an_empty_answer_it_says_so(
    tab: Client, ended_interview: Interview
) -> None:
    assert "Nothing was written here." in tab.get(page_of(ended_interview, 2)).content.decode()


def test_with_nothing_earlier_it_shows_what_stands(tab: Client, ended_interview: Interview) -> None:
    html = tab.get(page_of(ended_interview)).content.decode()
    assert "There is nothing earlier." in html
    assert "What I know about question 1." in html


def test_it_is_neither_indexed_nor_kept(tab: Client, running_interview: Interview) -> None:
    reply = tab.get(page_of(running_interview))
    assert '<meta name="robots" content="noindex">' in reply.content.decode()
    assert "no-store" in reply["Cache-Control"]


def test_it_costs_the_same_for_5_versions_and_for_500(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    costs = []
    for count in (5, 500):
        interview = start_interview(candidate, question_set)
        add_versions(interview, count, text="w" * 20_000)
        for asked in ({}, {"revision": 1}):
            with CaptureQueriesContext(connection) as queries:
                html = tab.get(page_of(interview), asked).content.decode()
            costs.append(len(queries) - SESSION_WITH_USER)
            # Of all these texts one is sent: as it was, and in the difference.
            assert html.count("w" * 20_000) == 2
        interview.finish()
    newest_of_5, oldest_of_5, newest_of_500, oldest_of_500 = costs
    assert newest_of_5 == oldest_of_5 == newest_of_500
    assert oldest_of_500 == newest_of_500 + 1  # It isn't among those that are listed.
    assert max(costs) <= 8


def test_older_versions_are_on_further_pages(tab: Client, running_interview: Interview) -> None:
    add_versions(running_interview, 45)
    first = tab.get(page_of(running_interview)).content.decode()
    last = tab.get(page_of(running_interview), {"page": 3}).content.decode()
    assert len(listed(first)) == 21  # with what stands
    assert len(listed(last)) == 5
    assert "?page=2" in first
    assert '<div class="answer-text">version 5</div>' in last


# Who may read it when.


def test_in_free_order_every_question_s_can_be_read_while_it_runs(
    tab: Client, running_interview: Interview
) -> None:
    for position in (1, 2, 3):
        assert tab.get(page_of(running_interview, position)).status_code == 200
    assert tab.get(page_of(running_interview, 4)).status_code == 404


def test_one_at_a_time_only_the_open_question_s_can_be_read_while_it_runs(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)

    def readable() -> list[int]:
        pages = {position: tab.get(page_of(interview, position)) for position in (1, 2, 3)}
        for position, page in pages.items():
            prompt = f"What is question {position} about?"
            assert (prompt in page.content.decode()) == (page.status_code == 200)
        return [position for position, page in pages.items() if page.status_code == 200]

    write(interview, 1, "first")
    assert readable() == [1]
    interview.open_question(2)
    assert readable() == [2]
    interview.finish()
    assert readable() == [1, 2, 3]


@pytest.mark.parametrize("mode", Interview.Mode.values)
def test_when_the_time_is_over_all_can_be_read_before_anybody_stamped_the_end(
    tab: Client, candidate: User, question_set: QuestionSet, mode: str
) -> None:
    interview = start_interview(candidate, question_set, mode)
    move_back(interview, "13 minutes")
    assert interview.ended_at is None
    assert {tab.get(page_of(interview, n)).status_code for n in (1, 2, 3)} == {200}


def test_somebody_else_s_is_not_found(
    running_interview: Interview,
    other_candidate: User,
    superuser: User,
    client_of: Callable[[User], Client],
) -> None:
    add_versions(running_interview, 2)
    for person in (other_candidate, superuser):
        assert client_of(person).get(page_of(running_interview)).status_code == 404


# The ways there.


def test_the_room_s_button_saves_first_and_leads_there(
    tab: Client, running_interview: Interview
) -> None:
    room = tab.get(reverse("answer", args=[running_interview.pk, 1])).content.decode()
    assert f'value="history" data-href="{page_of(running_interview)}"' in room
    reply = tab.post(
        reverse("answer-save", args=[running_interview.pk, 1]),
        {"text": "half a", "base": 0, "writer": uuid4(), "sequence": 1, "then": "history"},
    )
    assert reply["Location"] == page_of(running_interview)
    assert running_interview.answers.get(position=1).text == "half a"


def test_self_score_and_feedback_lead_there_and_say_how_many_there_are(
    tab: Client, running_interview: Interview
) -> None:
    add_versions(running_interview, 7)
    running_interview.finish()
    link = f'<a href="{page_of(running_interview)}">Earlier versions (7)</a>'
    self_score = tab.get(reverse("self-score", args=[running_interview.pk])).content.decode()
    running_interview.reveal()
    feedback = tab.get(reverse("feedback", args=[running_interview.pk])).content.decode()
    for html in (self_score, feedback):
        assert html.count(link) == 1
        assert html.count("Earlier versions") == 1
