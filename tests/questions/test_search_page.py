"""The search page: who sees what, how it is narrowed down, and what it makes of nonsense."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from interview.models import Interview
from questions.models import Note, Question, QuestionSet, Status, Story, Topic
from questions.search import MOST_CHARACTERS, MOST_COUNTED
from questions.search.spelling import has_trigrams
from tests.conftest import make_question
from tests.questions.test_study_pages import ABOUT_THE_VISITOR, MOST_QUERIES


@pytest.fixture
def library(question_set: QuestionSet) -> QuestionSet:
    """Three questions, a story and a note that are about zygotes."""
    question_set.questions.update(answer="About the zygote.")
    for position in (1, 2, 3):
        question_set.questions.filter(position=position).update(difficulty=position)
    published = {"license": "CC-BY-4.0", "status": Status.PUBLISHED}
    story = Story.objects.create(slug="story", title="Story", cause="A zygote.", **published)
    note = Note.objects.create(slug="note", title="Note", body="The zygote.", **published)
    topic = Topic.objects.create(slug="cells", title="Cells")
    for item in (question_set.questions.get(position=1), story, note):
        item.topics.add(topic)
    question_set.topics.add(Topic.objects.create(slug="life", title="Life"))
    return question_set


def page(client: Client, text: str = "zygote", **more: str | int) -> str:
    response = client.get("/search/", {"q": text, **more})
    assert response.status_code == 200
    return response.content.decode()


def listed(html: str) -> set[str]:
    results = html[html.index('<ol class="list">') :] if '<ol class="list">' in html else ""
    return set(re.findall(r'<h2><a href="/\w+/(?:basics/)?([\w-]+)/"', results))


def said(html: str) -> str:
    """What is announced."""
    status = html.partition('<p id="found" role="status">')[2]
    return " ".join(status.partition("</p>")[0].split())


EVERYTHING = {"question-1", "question-2", "question-3", "story", "note"}


def test_everybody_may_search(client: Client, library: QuestionSet) -> None:
    html = page(client)
    assert listed(html) == EVERYTHING
    assert said(html) == "5 found."
    assert client.post("/search/").status_code == 405


def test_search_engines_keep_the_page_and_no_results(client: Client, library: QuestionSet) -> None:
    assert 'name="robots"' not in client.get("/search/").content.decode()
    assert '<meta name="robots" content="noindex">' in page(client)


def test_every_page_has_a_box_that_leads_here(client: Client, library: QuestionSet) -> None:
    html = client.get("/sets/").content.decode()
    assert 'action="/search/" role="search"' in html
    assert '<a href="/search/">Search</a>' in html
    assert client.get("/search/").content.decode().count('role="search"') == 1


# Who sees what.


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_what_is_not_published_is_found_by_editors_alone(
    client: Client,
    client_of: Callable[[User], Client],
    candidate: User,
    reviewer: User,
    editor: User,
    library: QuestionSet,
    status: Status,
) -> None:
    library.questions.filter(position=1).update(status=status)
    Story.objects.update(status=status)
    Note.objects.update(status=status)
    for visitor in (client, client_of(candidate), client_of(reviewer)):
        html = page(visitor)
        assert listed(html) == {"question-2", "question-3"}
        assert "for editors only" not in html
    html = page(client_of(editor))
    assert listed(html) == EVERYTHING
    assert html.count("for editors only") == 3


def test_a_set_that_is_a_draft_hides_its_questions(
    client: Client, client_of: Callable[[User], Client], editor: User, library: QuestionSet
) -> None:
    QuestionSet.objects.update(status=Status.DRAFT)
    assert listed(page(client)) == {"story", "note"}
    assert page(client_of(editor)).count("Draft, for editors only") == 3


def test_nobody_finds_the_answers_that_they_are_still_to_give(
    client_of: Callable[[User], Client],
    other_candidate: User,
    library: QuestionSet,
    running_interview: Interview,
) -> None:
    mine, theirs = client_of(running_interview.candidate), client_of(other_candidate)
    assert listed(page(mine)) == {"story", "note"}
    assert "The questions of your unfinished interview are left out." in page(mine)
    assert listed(page(theirs)) == EVERYTHING
    running_interview.finish()
    assert listed(page(mine)) == {"story", "note"}
    running_interview.reveal()
    assert listed(page(mine)) == EVERYTHING


# Narrowing down.


@pytest.mark.parametrize(
    ("narrowed", "left"),
    [
        ({"kind": "question"}, {"question-1", "question-2", "question-3"}),
        ({"kind": "story"}, {"story"}),
        ({"kind": "note"}, {"note"}),
        ({"topic": "cells"}, {"question-1", "story", "note"}),
        ({"topic": "life"}, {"question-1", "question-2", "question-3"}),
        ({"difficulty": "2"}, {"question-2"}),
        ({"difficulty": "1", "topic": "cells"}, {"question-1"}),
        ({"difficulty": "2", "topic": "cells"}, set()),
        ({"kind": "note", "topic": "cells"}, {"note"}),
        ({"kind": "answer", "topic": "no such", "difficulty": "9", "page": "-1"}, EVERYTHING),
        ({"topic": "\0", "kind": "\0", "page": "99999999999999"}, EVERYTHING),
    ],
)
def test_the_list_is_narrowed_by_kind_topic_and_difficulty(
    client: Client, library: QuestionSet, narrowed: dict[str, str], left: set[str]
) -> None:
    assert listed(page(client, **narrowed)) == left


def ways(html: str) -> dict[str, str]:
    """What each link says, and where it leads."""
    nav = html.partition('aria-label="Narrow down"')[2].partition("</nav>")[0]
    links = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', nav)
    return {
        " ".join(re.sub(r"<[^>]*>", "", text).split()): href.replace("&amp;", "&")
        for href, text in links
    }


def test_each_way_to_narrow_says_how_many_it_leaves(client: Client, library: QuestionSet) -> None:
    found = ways(page(client))
    assert found == {
        "All 5": "?q=zygote",
        "Questions 3": "?q=zygote&kind=question",
        "Failure stories 1": "?q=zygote&kind=story",
        "Notes 1": "?q=zygote&kind=note",
        "Basic 1": "?q=zygote&difficulty=1",
        "Intermediate 1": "?q=zygote&difficulty=2",
        "Advanced 1": "?q=zygote&difficulty=3",
        "Cells 3": "?q=zygote&topic=cells",
        "Life 3": "?q=zygote&topic=life",
    }
    for text, href in found.items():
        assert len(listed(client.get(f"/search/{href}").content.decode())) == int(text[-1])


def test_what_is_chosen_can_be_taken_back(client: Client, library: QuestionSet) -> None:
    found = ways(page(client, topic="cells", difficulty="1", kind="question"))
    assert found["× Remove: Cells"] == "?q=zygote&kind=question&difficulty=1"
    assert found["× Remove: Basic"] == "?q=zygote&kind=question&topic=cells"
    assert found["Notes 0"] == "?q=zygote&kind=note&topic=cells"
    assert "Life" not in " ".join(found)


def test_typing_on_keeps_what_is_chosen(client: Client, library: QuestionSet) -> None:
    html = page(client, topic="cells", kind="note")
    assert '<input type="hidden" name="topic" value="cells">' in html
    assert '<input type="hidden" name="kind" value="note">' in html


# Many.


def fill(question_set: QuestionSet, size: int) -> None:
    """As many more questions, stories and notes about zygotes, in as many topics."""
    questions = [
        Question(
            question_set=question_set, slug=f"more-{size}-{n}", prompt="More?", answer="Zygote."
        )
        for n in range(size)
    ]
    topics = [Topic(slug=f"t-{size}-{n}", title=f"T {size} {n}") for n in range(size)]
    Question.objects.bulk_create(questions)
    for question, topic in zip(questions, Topic.objects.bulk_create(topics), strict=True):
        question.topics.add(topic)
    for n in range(size):
        more = {"title": f"Zygote {n}", "status": Status.PUBLISHED}
        Story.objects.create(slug=f"story-{size}-{n}", **more)
        Note.objects.create(slug=f"note-{size}-{n}", **more)


def test_a_long_list_comes_in_pages(client: Client, library: QuestionSet) -> None:
    fill(library, 6)
    first, second = page(client, kind=""), page(client, page=2)
    assert 'rel="next" href="?q=zygote&amp;page=2"' in first
    assert 'rel="prev" href="?q=zygote"' in second.replace("&amp;page=1", "")
    third = page(client, page=3)
    assert 'rel="next"' not in third
    assert len(listed(first) | listed(second) | listed(third)) == 5 + 18
    assert listed(page(client, page=50)) == listed(first)


def test_where_most_of_a_large_library_matches_it_says_at_least_how_many(
    client: Client, library: QuestionSet
) -> None:
    fill(library, MOST_COUNTED + 5)
    make_question(library, 999)
    Question.objects.filter(position=999).update(prompt="Zygote, what is it?")
    html = page(client, kind="question")
    assert said(html) == f"More than {MOST_COUNTED} found. The best of them are listed."
    assert f"Questions {MOST_COUNTED}+" in ways(html)
    assert f"All {3 * MOST_COUNTED}+" in ways(html)
    # Also what would not be among the first that match, as it has the word in its prompt.
    assert "question-999" in listed(html)
    Note.objects.filter(slug__startswith="note-").delete()
    assert said(page(client, kind="note")) == "One found."


@pytest.mark.parametrize("who", ["stranger", "candidate", "editor"])
@pytest.mark.parametrize("asked", ["zygote", "zygotte", "zygote&topic=cells&difficulty=1"])
def test_it_takes_the_same_few_queries_for_5_as_for_500(
    client: Client,
    client_of: Callable[[User], Client],
    candidate: User,
    editor: User,
    library: QuestionSet,
    who: str,
    asked: str,
) -> None:
    visitors = {"stranger": client, "candidate": client_of(candidate), "editor": client_of(editor)}

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert visitors[who].get(f"/search/?q={asked}").status_code == 200
        return sum(ABOUT_THE_VISITOR not in query["sql"] for query in captured.captured_queries)

    has_trigrams()
    few = queries()
    fill(library, 165)
    assert queries() == few <= MOST_QUERIES
    if who == "stranger" and asked == "zygote":
        assert few == 1


# Nonsense, and worse.


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\0", "zygote\0", "\0\0", "-", '"', '""', '"zygote', "'", "''", "\\", "%"),
        *("|", "&", "!", ":*", "a:*b", "(((", "a & | !b", "<->", "zygote <2> cell", "zygote:A"),
        *("-zygote", "-zygote -cell", "the", "or", "or or or", "and", "the or -zygote", "- or"),
        *(".*", "[a-z]+", "(?i)x{1,99999}", "^$", "%s %(x)s", "{{ 7|add:7 }}", "'; DROP TABLE x;"),
        *("été", "日本語", "Ελληνικά", "עברית", "e\u0301", "\u202e", "\ue000a\ue001", "\ud7ff"),
        *("zygote\r\ncell", "\t", "a" * 100_000, "a " * 50_000, '"' * 999, "-a " * 999, "a-" * 999),
        *("²", "zygote²", "x_y", "_", "a_", "1.2", "10.0.0.1/24", "it's", "n't", "C++", "#"),
    ],
)  # fmt: skip
def test_whatever_is_typed_gets_a_page(client: Client, library: QuestionSet, text: str) -> None:
    html = page(client, text)
    assert len(html) < 20_000
    assert "<mark>" not in html.replace("<mark>zygote</mark>", "").replace(
        "<mark>Zygote</mark>", ""
    )


@pytest.mark.parametrize("text", ["-zygote", "the", "the or -zygote", "|||"])
def test_what_no_index_can_find_asks_for_a_word(
    client: Client, library: QuestionSet, text: str
) -> None:
    html = page(client, text)
    assert "Type a word to look for" in html
    assert "Nothing found." in html
    assert "Did you mean" not in html


def test_what_is_too_long_to_type_is_cut(client: Client, library: QuestionSet) -> None:
    html = page(client, "zygote " + "cell " * 1000)
    shown = re.search(r'id="id_q" value="([^"]*)"', html)
    assert shown
    assert len(shown[1]) <= MOST_CHARACTERS


def test_what_is_typed_is_shown_as_text(client: Client, library: QuestionSet) -> None:
    html = page(client, '"><script>alert(1)</script>')
    assert "<script>alert" not in html
    assert 'value="&quot;&gt;&lt;script&gt;' in html


def test_nothing_found_says_what_to_do(client: Client, library: QuestionSet) -> None:
    html = page(client, "mitochondria")
    assert "Nothing found." in html
    assert "No text has all these words" in html
    assert 'href="/topics/"' in html
    assert "Look among all kinds" in page(client, topic="cells", difficulty="2")


def test_before_anything_is_typed_nothing_is_asked(client: Client, library: QuestionSet) -> None:
    with CaptureQueriesContext(connection) as captured:
        html = client.get("/search/").content.decode()
    assert "Nothing found" not in html
    assert 'href="/topics/"' in html
    assert len(captured) == 0


# As a fragment.


def test_htmx_gets_the_results_alone_and_the_count_to_announce(
    client: Client, library: QuestionSet
) -> None:
    response = client.get("/search/", {"q": "zygote"}, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert listed(html) == EVERYTHING
    assert '<p id="found" hx-swap-oob="innerHTML">' in html
    assert "HX-Request" in response["Vary"]
    assert "HX-Request" in client.get("/search/", {"q": "zygote"})["Vary"]
    assert "hx-swap-oob" not in page(client)
