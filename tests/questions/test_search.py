"""Searching the library: what is found, in which order, and how it is shown."""

import pytest
from django.conf import settings
from django.core.management import call_command

from questions.models import Note, Question, QuestionSet, Status, Story, Topic
from questions.search import Narrowing, ask, search
from questions.search.results import END_OF_HIT, HIT, marked


@pytest.fixture
def library(question_set: QuestionSet) -> QuestionSet:
    """Three questions, a story and a note, each with words of its own and two in common."""
    texts = {
        1: ("How do probes work?", "A readiness probe takes the Pod out of its **Services**."),
        2: ("What is a Deployment?", "It rolls out Pods; TCP/UDP ports like <port> stay."),
        3: ("Which signal ends a Pod?", "First SIGTERM, and after the grace period SIGKILL."),
    }
    for position, (prompt, answer) in texts.items():
        question_set.questions.filter(position=position).update(
            prompt=prompt, answer=answer, difficulty=position
        )
    published = {"license": "CC-BY-4.0", "status": Status.PUBLISHED}
    story = Story.objects.create(
        slug="outage", title="The outage", cause="A liveness probe killed every Pod.", **published
    )
    note = Note.objects.create(
        slug="pods", title="On Pods", body="Each Pod has an address.", **published
    )
    networking = Topic.objects.create(slug="networking", title="Networking")
    for item in (question_set.questions.get(position=1), story, note):
        item.topics.add(networking)
    question_set.topics.add(Topic.objects.create(slug="basics", title="Basic things"))
    return question_set


def slugs(text: str, narrowing: Narrowing | None = None) -> list[str]:
    return [hit.slug for hit in search(ask(text), narrowing or Narrowing()).hits]


# What is found.


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("readiness", {"question-1"}),
        ("Deployments", {"question-2"}),
        ("probe", {"question-1", "outage"}),
        ("probes pods", {"question-1", "outage"}),
        ("sigterm or readiness", {"question-1", "question-3"}),
        ("probe -liveness", {"question-1"}),
        ("probes -readiness", {"outage"}),
        ('"grace period"', {"question-3"}),
        ('"period grace"', set()),
        ("udp", {"question-2"}),
        ("tcp/udp", {"question-2"}),
        ("port", {"question-2"}),
        ("<port>", {"question-2"}),
        ("address", {"pods"}),
        ("nowhere", set()),
        ("readiness nowhere", set()),
    ],
)
def test_words_are_found_in_prompts_answers_stories_and_notes(
    library: QuestionSet, text: str, found: set[str]
) -> None:
    assert set(slugs(text)) == found


@pytest.mark.parametrize("field", ["body", "answer", "follow_ups"])
def test_each_text_of_a_question_counts(library: QuestionSet, field: str) -> None:
    value = ["What about zygotes?"] if field == "follow_ups" else "It has zygotes."
    library.questions.filter(position=2).update(**{field: value})
    assert slugs("zygote") == ["question-2"]


@pytest.mark.parametrize("field", Story.SECTIONS)
def test_each_section_of_a_story_counts(library: QuestionSet, field: str) -> None:
    Story.objects.update(**{field: "There were zygotes."})
    assert slugs("zygote") == ["outage"]


def test_what_is_changed_is_found_at_once_as_it_is_now(library: QuestionSet) -> None:
    Question.objects.filter(position=1).update(answer="Now about zygotes.")
    assert slugs("zygotes") == ["question-1"]
    assert slugs("readiness") == []


def test_addresses_of_links_are_no_words(library: QuestionSet) -> None:
    Note.objects.update(body="See [the docs](https://zygote.example.com/mitosis/).")
    assert slugs("docs") == ["pods"]
    assert slugs("mitosis") == slugs("zygote.example.com") == []


def test_key_points_are_not_searched(library: QuestionSet) -> None:
    library.questions.get(position=1).key_points.create(key="z", position=3, text="Zygotes")
    assert slugs("zygotes") == []


# The word that is still being typed.


@pytest.mark.parametrize("text", ["de", "dep", "deploym", "deployme", "deploymen", "deployment"])
def test_a_word_is_found_while_it_is_typed_past_its_stem_too(
    library: QuestionSet, text: str
) -> None:
    assert "question-2" in slugs(text)
    assert "question-2" in slugs(f"ports {text}")
    assert "question-2" in slugs(f"nowhere or {text}")


@pytest.mark.parametrize("text", ["readin ", '"readin"', '"readin', "readin pod", "r"])
def test_a_word_that_is_finished_begins_no_other(library: QuestionSet, text: str) -> None:
    assert "question-1" not in slugs(text)


@pytest.mark.parametrize("text", ["pod -li", "pod -liv"])
def test_a_word_to_leave_out_leaves_out_nothing_before_it_is_typed(
    library: QuestionSet, text: str
) -> None:
    assert "outage" in slugs(text)
    assert "outage" not in slugs("pod -liveness")


def test_the_end_of_a_name_with_a_hyphen_may_be_missing(library: QuestionSet) -> None:
    Note.objects.update(title="On kube-proxy")
    for text in ("kube-", "kube-p", "kube-prox", "kube-proxy"):
        assert slugs(text) == ["pods"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"kube-proxy rules"', True),
        ("kube-proxy rules", True),
        ("nowhere or kube-proxy rules", True),
        ("rules -kube-proxy here", False),
        ('"rules kube-proxy" here', False),
    ],
)
def test_a_name_with_a_hyphen_is_found_wherever_it_stands(
    library: QuestionSet, text: str, found: bool
) -> None:
    Note.objects.update(title="Names", body="Here kube-proxy rules the way.")
    assert slugs(text) == (["pods"] if found else [])


def test_what_has_the_words_in_two_ways_is_listed_once(library: QuestionSet) -> None:
    Note.objects.update(title="Alpha", body="It begins with beta and zygotes.")
    assert slugs("alpha -beta or zyg") == ["pods"]


# The order.


def test_a_title_counts_more_than_a_summary_and_that_more_than_the_text(
    library: QuestionSet,
) -> None:
    published = {"license": "CC-BY-4.0", "status": Status.PUBLISHED}
    filler = "Other words stand here. " * 3
    Note.objects.create(slug="text", title="C", body=f"Zygote. {filler}", **published)
    Note.objects.create(slug="title", title="Zygote", body=f"About. {filler}", **published)
    Note.objects.create(slug="summary", title="B", summary="Zygote.", body=filler, **published)
    assert slugs("zygote") == ["title", "summary", "text"]


def test_a_long_text_is_not_better_for_being_long(library: QuestionSet) -> None:
    published = {"license": "CC-BY-4.0", "status": Status.PUBLISHED}
    Note.objects.create(slug="long", title="L", body="Zygote. " + "Word here. " * 900, **published)
    Note.objects.create(slug="short", title="S", body="Zygote divides.", **published)
    assert slugs("zygote") == ["short", "long"]


REAL = {
    "cni plugin": "cni-vs-plugin",
    "ipvs": "iptables-or-ipvs",
    "kubectl drain": "drain-hangs",
    "overlay network": "overlay-network",
    "rolling update": "rolling-update",
    "how to scale dns": "scale-coredns",
    "coredns oom": "coredns-oom-total-outage",
    "service account token": "service-account-tokens",
    "ingress gateway api": "ingress-or-gateway",
    "node not ready": "node-not-ready",
    "backup etcd": "etcd-restore",
    "webhook upgrade": "webhook-stops-upgrade",
    "init container": "init-containers",
    "liveness probe kills pod": "k8s-pod-life",
    "rbac exec": "operator-exec",
    "cluster ip": "apiserver-cluster-ip",
}
"""What people look for in the real library, and what must stand first."""


@pytest.mark.django_db
def test_what_people_look_for_stands_first(subtests: pytest.Subtests) -> None:
    call_command("library", "import", settings.CONTENT_DIR, verbosity=0)
    for text, first in REAL.items():
        with subtests.test(text):
            assert slugs(text)[0] == first


# The words in their place.


def first_hit(text: str) -> tuple[str, str]:
    hit = search(ask(text), Narrowing()).hits[0]
    return str(hit.marked_title), str(hit.marked_text) if hit.is_quoted else ""


def test_hits_are_marked_in_title_and_text(library: QuestionSet) -> None:
    assert first_hit("probes readiness") == (
        "How do <mark>probes</mark> work?",
        "<mark>readiness</mark> <mark>probe</mark> takes the Pod out of its Services",
    )


FILLER = "Other words stand here, and here. " * 200


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(("zygote", "zygote"), ("zygotes", "Zygote"), ("zygo", "zygotes"), ("<zygote>", "zygote")),
        *(("proxy", "proxies"), ("policies", "policy"), ("possible", "possibility")),
        *(("using", "use"), ("cache", "caching"), ("10.0.0.1", "10.0.0.1"), ("été", "Été")),
    ],
)
def test_of_a_long_text_the_piece_with_the_word_is_shown(
    library: QuestionSet, text: str, written: str
) -> None:
    Note.objects.update(body=f"{FILLER}Now a {written} divides. {FILLER}")
    piece = first_hit(text)[1]
    assert f"<mark>{written}</mark> divides" in piece
    assert len(piece) < 400


def test_of_a_long_text_the_place_with_all_the_words_is_shown(library: QuestionSet) -> None:
    alone, both = "A zygote rests.", "The zygote divides into cells."
    Note.objects.update(body=f"{FILLER}{alone} {FILLER}{both} {FILLER}{alone}")
    assert "<mark>zygote</mark> divides into <mark>cells</mark>" in first_hit("zygote cells")[1]


@pytest.mark.parametrize("before", range(0, 12, 3))
def test_of_a_long_text_no_part_of_a_word_is_shown(library: QuestionSet, before: int) -> None:
    words = "abcdefghij " * 30
    for body in (
        f"{'A' * before} zygote. {words}Two zygotes. {words}",
        f"{'A' * before} {words} {words} A zygote. Two zygotes.",
    ):
        Note.objects.update(body=body)
        piece = first_hit("zygote")[1].replace("<mark>", "").replace("</mark>", "")
        assert {*piece.split()} <= {*f"{body} zygote zygotes zygotes. Two …".split()}


@pytest.mark.parametrize(
    ("text", "title", "body", "marked"),
    [
        ("drain pod", "How to drain", f"{FILLER}A pod ends.", "A <mark>pod</mark>"),
        (
            "zygote cells",
            "Life",
            f"A zygote. {FILLER}All cells end.",
            "All <mark>cells</mark>",
        ),
        (
            '"grace period"',
            "Time",
            f"By grace. {FILLER}A period. The grace period.",
            "<mark>period",
        ),
    ],
)
def test_of_a_long_text_some_words_are_marked_if_they_are_far_apart(
    library: QuestionSet, text: str, title: str, body: str, marked: str
) -> None:
    Note.objects.update(title=title, body=body)
    Question.objects.update(answer="Nothing.")
    assert marked in first_hit(text)[1]


def test_an_answer_is_not_told_to_who_looked_for_the_question(library: QuestionSet) -> None:
    title, text = first_hit("signal")
    assert title == "Which <mark>signal</mark> ends a Pod?"
    assert text == ""


def test_paths_and_placeholders_look_as_they_were_written(library: QuestionSet) -> None:
    assert first_hit("udp port")[1] == (
        "rolls out Pods; TCP/<mark>UDP</mark> <mark>ports</mark> like"
        " &lt;<mark>port</mark>&gt; stay"
    )


HOSTILE = [
    "<script>alert(1)</script> zygote",
    f"{HIT}zygote{END_OF_HIT}{END_OF_HIT}<b>{HIT}",
    "zygote <img src=x onerror=alert(1)>",
    "[zygote](javascript:alert(1))",
    "zygote &lt;b&gt; &amp; <!-- <mark> -->",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_of_a_text_survives(library: QuestionSet, text: str) -> None:
    library.questions.filter(position=1).update(prompt=text, answer=text)
    for html in first_hit("zygote"):
        bare = html.replace("<mark>zygote</mark>", "")
        assert bare != html
        assert not set(bare) & {"<", ">", HIT, END_OF_HIT}


@pytest.mark.parametrize("text", ["a\ue000b", "a\ue001b", "\ue001\ue000\ue000<\ue001"])
def test_marks_are_closed_whatever_comes(text: str) -> None:
    html = marked(text)
    assert html.count("<mark>") == html.count("</mark>")
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")


def test_of_a_piece_of_markdown_the_words_are_shown() -> None:
    text = "```yaml\n`kind`: **Pod**\n| a | b |\n| --- | --: |\n- see [docs](../notes/a.md) *now*"
    assert marked(text) == "kind: Pod a b see docs now"


# What an ordinary read costs.


def test_a_page_that_shows_a_question_carries_no_vector_along(library: QuestionSet) -> None:
    question = Question.objects.select_related("question_set").get(position=1)
    assert question.search is None
    point = question.key_points.select_related("question").first()
    assert point is not None
    assert point.question.search is None
    assert "NULL::tsvector" in str(Question.objects.all().query)
