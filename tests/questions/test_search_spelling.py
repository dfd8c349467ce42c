"""Help with typos, where the database can tell which words are alike, and where it can't."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questions.models import Note, QuestionSet, Status, Story
from questions.search import Narrowing, ask, did_you_mean, search
from questions.search.spelling import MOST_TITLES, has_trigrams

trigrams = import_module("questions.migrations.0007_search_indexes")
sample = import_module("questions.migrations.0009_search_sample")


@pytest.fixture
def library(question_set: QuestionSet) -> QuestionSet:
    question_set.questions.filter(position=1).update(
        prompt="What does kube-proxy do with iptables?", answer="It writes rules."
    )
    published = {"license": "CC-BY-4.0", "status": Status.PUBLISHED}
    Note.objects.create(slug="drain", title="How to drain a node", body="Slowly.", **published)
    Story.objects.create(slug="secret", title="The hippopotamus", license="CC-BY-4.0")
    return question_set


def page(client: Client, text: str) -> str:
    return client.get("/search/", {"q": text}).content.decode()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("iptabels", "iptables"),
        ("kube-prxoy", "kube-proxy"),
        ("drian", "drain"),
        ("IPTABELS rules", "iptables rules"),
        ('"drian" node', '"drain" node'),
        ("iptabels or drian", "iptables or drain"),
        ("iptables", ""),
        ("rules nothing-like-it", ""),
        ("hipopotamus", ""),
        ("the", ""),
        ("", ""),
        ("iptabels -drian", "iptables -drain"),
    ],
)
def test_words_that_no_text_has_are_put_right(library: QuestionSet, typed: str, meant: str) -> None:
    assert did_you_mean(ask(typed)) == meant


def test_many_titles_that_are_a_little_alike_hide_no_prompt(library: QuestionSet) -> None:
    for number in range(MOST_TITLES):
        title = f"Labels {number}"
        Note.objects.create(slug=f"labels-{number}", title=title, status=Status.PUBLISHED)
    assert did_you_mean(ask("iptabels")) == "iptables"


def test_what_is_suggested_is_a_link_that_finds_something(
    client: Client, library: QuestionSet
) -> None:
    html = page(client, "iptabels rules")
    assert '<a href="?q=iptables+rules"><strong>iptables rules</strong></a>?' in html
    assert "One text has it." in html


def test_what_would_find_nothing_is_not_suggested(client: Client, library: QuestionSet) -> None:
    assert did_you_mean(ask("iptabels slowly")) == "iptables slowly"
    assert "Did you mean" not in page(client, "iptabels slowly")


def test_where_something_is_found_nothing_is_suggested(
    client: Client, library: QuestionSet
) -> None:
    assert "Did you mean" not in page(client, "iptables or drian")


@pytest.fixture(autouse=True)
def new_process() -> Iterator[None]:
    """Nothing is known yet of the database, nor is what a test did to it afterwards."""
    has_trigrams.cache_clear()
    yield
    has_trigrams.cache_clear()


def test_whether_the_database_can_tell_is_asked_once_in_a_process(library: QuestionSet) -> None:
    def asked_for_it() -> int:
        with CaptureQueriesContext(connection) as captured:
            did_you_mean(ask("iptabels"))
        return sum("question_prompt_trigrams" in query["sql"] for query in captured)

    with CaptureQueriesContext(connection) as captured:
        search(ask("iptables"), Narrowing())
    assert not any("pg_index" in query["sql"] for query in captured)
    assert [asked_for_it() for _ in range(3)] == [1, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_an_extension_that_was_dropped_since_suggests_nothing(client: Client) -> None:
    assert has_trigrams()
    try:
        with connection.cursor() as cursor:
            cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        assert "Did you mean" not in page(client, "iptabels")
        assert not has_trigrams()
    finally:
        trigrams.add_trigrams(None, connection.schema_editor())
        sample.add_trigrams(None, connection.schema_editor())


@pytest.fixture
def without_trigrams(db: None) -> None:
    """The database as it is where nobody may create the extension: the test's end undoes it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")


@pytest.mark.usefixtures("without_trigrams")
def test_without_the_extension_search_works_and_suggests_nothing(
    client: Client, library: QuestionSet
) -> None:
    assert "/sets/basics/question-1/" in page(client, "iptables")
    html = page(client, "iptabels")
    assert "No text has all these words" in html
    assert "Did you mean" not in html


@pytest.mark.usefixtures("without_trigrams")
def test_without_the_index_alone_nothing_is_suggested_either(library: QuestionSet) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm")
        assert did_you_mean(ask("iptabels")) == ""
        has_trigrams.cache_clear()
        # What the test's rows still have to be checked for stands in the way of an index.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE INDEX question_prompt_trigrams ON questions_question"
            " USING gin (prompt gin_trgm_ops)"
        )
    assert did_you_mean(ask("iptabels")) == "iptables"


@pytest.mark.usefixtures("without_trigrams")
def test_a_migration_by_somebody_who_may_not_create_it_goes_on_without() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE visitor")
        cursor.execute("SET LOCAL ROLE visitor")
        assert trigrams.has_trigrams(connection) is False
        cursor.execute("SELECT 1")
        cursor.execute("RESET ROLE")
        assert trigrams.has_trigrams(connection) is True
        cursor.execute("SET LOCAL ROLE visitor")
        assert trigrams.has_trigrams(connection) is True
