"""The public pages of the library: sets, questions, stories, notes and topics."""

import datetime
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interview.models import Interview
from questions.freshness import year_before
from questions.models import Note, Question, QuestionSet, Status, Story, Topic
from tests.conftest import make_question

MOST_QUERIES = 8
# The look-up that tells who is there: the session, with its user.
ABOUT_THE_VISITOR = 'FROM "session"'


@pytest.fixture
def library(question_set: QuestionSet) -> QuestionSet:
    """The set of three questions, with topic, story and note linked to its first one."""
    topic = Topic.objects.create(slug="networking", title="Networking")
    question_set.checked_against = "Kubernetes 1.36"
    question_set.checked_on = datetime.date(2026, 11, 20)
    question_set.sources = [{"title": "The `docs`", "url": "https://example.com/docs"}]
    question_set.save()
    question = question_set.questions.get(position=1)
    question.follow_ups = ["What about `this`?"]
    question.sources = [{"title": "Page", "url": "https://example.com/page"}]
    question.body = "Choose <one>."
    question.save()
    story = Story.objects.create(
        slug="outage",
        title="The outage",
        license="CC-BY-4.0",
        summary="It **broke**.",
        fix="Undo.",
        status=Status.PUBLISHED,
    )
    note = Note.objects.create(
        slug="pods",
        title="On Pods",
        license="CC-BY-4.0",
        body="# Addresses\n\nEvery Pod has one.",
        status=Status.PUBLISHED,
    )
    for item in (question_set, question, story, note):
        item.topics.add(topic)
    story.related_questions.add(question)
    note.related_questions.add(question)
    question.key_points.filter(key="main").update(story=story)
    return question_set


def get(client: Client, name: str, *args: str) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return str(response.content.decode())


PAGES = [
    ("set-list",),
    ("set", "basics"),
    ("question", "basics", "question-1"),
    ("story-list",),
    ("story", "outage"),
    ("note-list",),
    ("note", "pods"),
    ("topic-list",),
    ("topic", "networking"),
]
every_page = pytest.mark.parametrize("place", PAGES, ids="/".join)


@every_page
def test_everybody_may_read_and_search_engines_may_keep_it(
    client: Client, library: QuestionSet, place: tuple[str, ...]
) -> None:
    html = get(client, *place)

    assert 'name="robots"' not in html
    assert html.count("<h1") == 1
    assert re.search(r'<meta name="description" content="[^"]{5,}">', html)


@every_page
def test_a_page_is_read_not_posted_to(
    client: Client, library: QuestionSet, place: tuple[str, ...]
) -> None:
    assert client.post(reverse(place[0], args=place[1:])).status_code == 405


@pytest.mark.parametrize("name", ["set-list", "story-list", "note-list", "topic-list"])
def test_an_empty_list_says_what_to_do(client: Client, db: None, name: str) -> None:
    assert "An editor fills the library" in get(client, name)


def test_to_sit_it_a_stranger_signs_up_first_and_what_they_chose_is_kept(
    client: Client,
    client_of: Callable[[User], Client],
    candidate: User,
    library: QuestionSet,
) -> None:
    for name, slug, to in (
        ("set", "basics", "/interviews/new/?set=basics"),
        ("topic", "networking", "/interviews/new/mixed/?topics=networking"),
    ):
        kept = f"{reverse('account_signup')}?next={quote(to)}"
        assert f'href="{kept}"' in get(client, name, slug)
        assert f'href="{to}"' in get(client_of(candidate), name, slug)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("set", ["gone"]),
        ("question", ["basics", "gone"]),
        ("question", ["gone", "question-1"]),
        ("story", ["gone"]),
        ("note", ["gone"]),
        ("topic", ["gone"]),
    ],
)
def test_what_there_is_not_is_not_found(
    client: Client, library: QuestionSet, name: str, args: list[str]
) -> None:
    assert client.get(reverse(name, args=args)).status_code == 404


def test_a_set_shows_its_questions_where_it_comes_from_and_how_to_sit_it(
    client: Client, library: QuestionSet
) -> None:
    html = get(client, "set", "basics")

    assert "Start a mock interview" in html
    for position in (1, 2, 3):
        assert f'href="/sets/basics/question-{position}/"' in html
    assert "CC-BY-4.0" in html
    assert "against Kubernetes 1.36" in html
    assert '<time datetime="2026-11-20">20 November 2026</time>' in html
    assert 'href="https://example.com/docs"' in html
    assert "The <code>docs</code>" in html
    assert 'href="/stories/outage/"' in html
    assert 'href="/notes/pods/"' in html


def test_a_question_reveals_key_points_and_answer_step_by_step(
    client: Client, library: QuestionSet
) -> None:
    html = get(client, "question", "basics", "question-1")

    assert "<h1>What is question 1 about?</h1>" in html
    assert "Choose &lt;one&gt;." in html
    assert "<details" in html
    assert '<details class="disclosure" open' not in html
    hidden = html[html.index("<details") : html.rindex("</details>")]
    for text in ("Main point 1", "Side point 1", "Model answer <strong>1</strong>.", "counts 2×"):
        assert text in hidden
        assert text not in html.replace(hidden, "")
    assert "What about <code>this</code>?" in hidden
    assert 'href="/stories/outage/"' in hidden
    assert 'href="https://example.com/page"' in html
    assert 'rel="next" href="../question-2/"' in html
    assert 'rel="prev"' not in html


def test_key_points_are_revealed_one_by_one(client: Client, library: QuestionSet) -> None:
    html = get(client, "question", "basics", "question-1")

    steps = re.findall(r"<details[^>]*>\s*<summary>([^<]*)</summary>", html)
    assert steps == [
        *("Key point 1 of 2", "Key point 2 of 2", "Model answer"),
        "What an interviewer may ask next",
    ]


def test_all_can_be_revealed_without_script(client: Client, library: QuestionSet) -> None:
    html = get(client, "question", "basics", "question-1")
    assert 'href="?show=all" rel="nofollow"' in html

    response = client.get("/sets/basics/question-1/?show=all")

    shown = response.content.decode()
    assert shown.count('<details class="disclosure" open>') == html.count("<details") == 4
    assert '<a class="button button--small" href="." rel="nofollow"' in shown
    # A second address of the same page is nothing for search engines.
    assert '<meta name="robots" content="noindex">' in shown


def test_a_question_without_answer_says_so(client: Client, library: QuestionSet) -> None:
    library.questions.create(slug="bare", prompt="Bare?", position=9)

    html = get(client, "question", "basics", "bare")

    assert "Nobody wrote an answer to this question yet." in html
    assert "<details" not in html
    assert 'rel="prev" href="../question-3/"' in html


def test_a_retired_key_point_is_not_shown(client: Client, library: QuestionSet) -> None:
    library.questions.get(position=1).key_points.filter(key="side").update(retired=True)

    assert "Side point 1" not in get(client, "question", "basics", "question-1")


def test_a_story_shows_its_sections_and_the_questions_it_teaches(
    client: Client, library: QuestionSet
) -> None:
    html = get(client, "story", "outage")

    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", html)[:2] == ["Summary", "Fix"]
    assert "It <strong>broke</strong>." in html
    assert html.count('href="/sets/basics/question-1/"') == 1


def test_a_note_keeps_its_headings_below_the_title(client: Client, library: QuestionSet) -> None:
    html = get(client, "note", "pods")

    assert "<h2>Addresses</h2>" in html
    assert 'href="/sets/basics/question-1/"' in html


def test_a_topic_gathers_what_is_about_it(client: Client, library: QuestionSet) -> None:
    html = get(client, "topic", "networking")

    for url in ("/sets/basics/", "/sets/basics/question-1/", "/stories/outage/", "/notes/pods/"):
        assert f'href="{url}"' in html
    assert 'href="/sets/basics/question-2/"' not in html


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/sets/basics/", "/sets/basics/question-1/"),
        ("/sets/basics/question-1/", "/stories/outage/"),
        ("/sets/basics/question-1/", "/notes/pods/"),
        ("/topics/networking/", "/sets/basics/"),
        ("/topics/networking/", "/sets/basics/question-1/"),
        ("/topics/networking/", "/stories/outage/"),
        ("/topics/networking/", "/notes/pods/"),
    ],
)
def test_links_lead_both_ways(client: Client, library: QuestionSet, one: str, other: str) -> None:
    assert f'href="{other}"' in client.get(one).content.decode()
    assert f'href="{one}"' in client.get(other).content.decode()


# Freshness.

STALE_PAGES = ["/sets/basics/", "/sets/basics/question-1/", "/stories/outage/", "/notes/pods/"]
LISTS = ["/sets/", "/stories/", "/notes/"]


def check_on(day: datetime.date | None) -> None:
    for model in (QuestionSet, Story, Note):
        model._default_manager.update(checked_on=day)


@pytest.mark.parametrize("path", STALE_PAGES)
def test_what_was_checked_more_than_a_year_ago_says_so(
    client: Client, library: QuestionSet, path: str
) -> None:
    day = year_before(timezone.localdate()) - datetime.timedelta(days=1)
    check_on(day)

    html = client.get(path).content.decode()

    assert "This was last checked on" in html
    assert f'<time datetime="{day:%Y-%m-%d}">' in html
    assert "more than a year ago" in html


@pytest.mark.parametrize("path", LISTS)
def test_lists_mark_what_was_checked_more_than_a_year_ago(
    client: Client, library: QuestionSet, path: str
) -> None:
    QuestionSet.objects.create(slug="new", title="New", status=Status.PUBLISHED)
    check_on(year_before(timezone.localdate()) - datetime.timedelta(days=1))
    QuestionSet.objects.filter(slug="new").update(checked_on=timezone.localdate())

    assert client.get(path).content.decode().count("Last checked over a year ago") == 1


@pytest.mark.parametrize("path", [*STALE_PAGES, *LISTS])
@pytest.mark.parametrize("is_checked", [True, False])
def test_what_was_checked_a_year_ago_to_the_day_or_never_is_not_marked(
    client: Client, library: QuestionSet, path: str, is_checked: bool
) -> None:
    check_on(year_before(timezone.localdate()) if is_checked else None)

    html = client.get(path).content.decode()

    assert "year ago" not in html


def test_topics_are_listed_as_people_order_words(client: Client, library: QuestionSet) -> None:
    for title in ("Linux", "kubectl", "DNS", "Data plane"):
        library.topics.create(slug=title.lower().replace(" ", "-"), title=title)

    html = get(client, "topic-list")

    titles = ["Data plane", "DNS", "kubectl", "Linux", "Networking"]
    places = [html.index(f">{title}</a>") for title in titles]
    assert places == sorted(places)


def test_a_topic_that_nothing_published_is_about_is_not_listed(
    client: Client, library: QuestionSet
) -> None:
    for model in (QuestionSet, Story, Note):
        model._default_manager.update(status=Status.DRAFT)

    assert "Networking" not in get(client, "topic-list")
    assert "Nothing is published about this topic yet." in get(client, "topic", "networking")


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
@pytest.mark.parametrize(
    "place",
    [
        ("set", "basics"),
        ("question", "basics", "question-1"),
        ("story", "outage"),
        ("note", "pods"),
    ],
    ids="/".join,
)
def test_only_editors_see_what_is_not_published(
    client: Client,
    client_of: Callable[[User], Client],
    candidate: User,
    reviewer: User,
    editor: User,
    library: QuestionSet,
    place: tuple[str, ...],
    status: Status,
) -> None:
    for model in (QuestionSet, Story, Note):
        model._default_manager.update(status=status)
    url = reverse(place[0], args=place[1:])

    for visitor in (client, client_of(candidate), client_of(reviewer)):
        assert visitor.get(url).status_code == 404
    html = get(client_of(editor), *place)
    assert '<meta name="robots" content="noindex">' in html
    assert "interview-new" not in html
    assert "?set=basics" not in html


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_an_unpublished_question_of_a_published_set_is_for_editors_too(
    client: Client,
    client_of: Callable[[User], Client],
    editor: User,
    library: QuestionSet,
    status: Status,
) -> None:
    library.questions.filter(position=2).update(status=status)

    assert client.get("/sets/basics/question-2/").status_code == 404
    assert "question-2" not in get(client, "set", "basics")
    assert "../question-3/" in get(client, "question", "basics", "question-1")
    html = get(client_of(editor), "question", "basics", "question-2")
    assert '<meta name="robots" content="noindex">' in html
    assert "for editors only" in get(client_of(editor), "set", "basics")


def test_lists_hide_what_is_not_published(client: Client, library: QuestionSet) -> None:
    for model in (QuestionSet, Story, Note):
        model._default_manager.update(status=Status.DRAFT)

    for name in ("set-list", "story-list", "note-list"):
        assert "An editor fills the library" in get(client, name)


def test_who_is_asked_a_question_is_led_to_the_room(
    client_of: Callable[[User], Client], running_interview: Interview
) -> None:
    client = client_of(running_interview.candidate)

    response = client.get("/sets/basics/question-1/")

    assert response.status_code == 302
    assert response["Location"] == reverse("interview", args=[running_interview.pk])


def fill(question_set: QuestionSet, size: int) -> None:
    """As many sets, questions, stories, notes, topics and links as `size`, around the first."""
    question = question_set.questions.get(slug="question-1")
    story, note = Story.objects.get(slug="outage"), Note.objects.get(slug="pods")
    for n in range(size):
        topic = Topic.objects.create(slug=f"topic-{size}-{n}", title=f"Topic {size} {n}")
        other = make_question(question_set, 100 * size + n)
        other_set = QuestionSet.objects.create(
            slug=f"set-{size}-{n}", title=f"Set {size} {n}", status=Status.PUBLISHED
        )
        make_question(other_set, 1)
        more = {"title": f"More {size} {n}", "status": Status.PUBLISHED, "slug": f"m-{size}-{n}"}
        for reading in (Story.objects.create(**more), Note.objects.create(**more)):
            reading.related_questions.add(question, other)
            reading.topics.add(topic, *Topic.objects.filter(slug="networking"))
        for item in (question_set, question, other, other_set, story, note):
            item.topics.add(topic, *Topic.objects.filter(slug="networking"))
        story.related_questions.add(other)
        note.related_questions.add(other)
        question.key_points.create(key=f"point-{size}-{n}", text="More", position=n, story=story)


@pytest.mark.parametrize("who", ["stranger", "candidate", "editor"])
def test_each_page_takes_the_same_few_queries_for_5_rows_and_for_50(
    client: Client,
    client_of: Callable[[User], Client],
    candidate: User,
    editor: User,
    library: QuestionSet,
    who: str,
) -> None:
    visitors = {
        "stranger": client,
        "candidate": client_of(candidate),
        "editor": client_of(editor),
    }

    def queries(place: tuple[str, ...]) -> int:
        with CaptureQueriesContext(connection) as captured:
            get(visitors[who], *place)
        return sum(ABOUT_THE_VISITOR not in query["sql"] for query in captured.captured_queries)

    fill(library, 5)
    few = {place: queries(place) for place in PAGES}
    fill(library, 45)
    many = {place: queries(place) for place in PAGES}

    assert many == few
    assert {place: n for place, n in few.items() if n > MOST_QUERIES} == {}


def test_long_lists_come_in_pages(client: Client, library: QuestionSet) -> None:
    for n in range(60):
        QuestionSet.objects.create(slug=f"s-{n:02}", title=f"S {n:02}", status=Status.PUBLISHED)

    first = get(client, "set-list")
    last = client.get("/sets/?page=2").content.decode()
    assert 'href="?page=2"' in first
    assert "S 59" not in first
    assert "S 59" in last
    assert client.get("/sets/?page=nonsense").status_code == 200
    assert Question.objects.count() == 3


def test_a_page_behind_the_last_is_the_last(client: Client, library: QuestionSet) -> None:
    for n in range(60):
        QuestionSet.objects.create(slug=f"s-{n:02}", title=f"S {n:02}", status=Status.PUBLISHED)

    last = client.get("/sets/?page=2").content.decode()
    for asked in ("3", "999999"):
        html = client.get("/sets/", {"page": asked}).content.decode()
        assert "S 59" in html
        assert 'rel="next"' not in html
    assert 'rel="prev" href="?page=1"' in last
    for asked in ("0", "-1", "1e3", "9" * 500, "²", ""):
        assert "S 59" not in client.get("/sets/", {"page": asked}).content.decode()


def test_what_a_topic_has_comes_fifty_of_each_kind_to_a_page(
    client: Client, library: QuestionSet
) -> None:
    topic = Topic.objects.get(slug="networking")
    for n in range(60):
        one = QuestionSet.objects.create(
            slug=f"s-{n:02}", title=f"S {n:02}", status=Status.PUBLISHED
        )
        one.topics.add(topic)
    sets = re.compile(r'href="/sets/([-\w]+)/"')

    first = get(client, "topic", "networking")
    second = client.get("/topics/networking/?page=2").content.decode()

    assert len(set(sets.findall(first))) == 50
    assert len(set(sets.findall(second))) == 11
    assert not set(sets.findall(first)) & set(sets.findall(second))
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in second
    # What has come to its end is not shown again.
    assert 'href="/stories/outage/"' in first
    assert 'href="/stories/outage/"' not in second
    # It can be practised from each page.
    assert "Sit questions on this topic" in first
    assert "Sit questions on this topic" in second
    behind = client.get("/topics/networking/?page=3")
    assert (behind.status_code, behind["Location"]) == (302, "/topics/networking/")
