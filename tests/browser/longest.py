"""The longest that the library may hold: what a page must have room for."""

from datetime import date
from typing import Any

from questions.models import Note, Question, QuestionSet, Status, Story, Topic

WORD = "w" * 300
NAME = "Bartholomäus-Maximilian Freiherr von Wolkenstein-X"  # 50 characters
CODE = "kubectl get endpointslices " + "-l kubernetes.io/service-name=shop " * 9 + "-o yaml"
MARKDOWN = f"""\
A paragraph with `{CODE}` in it, a word, {WORD}, and [a link](https://example.com/{WORD}).

```yaml
# {CODE}
{CODE}
```

| {" | ".join(f"Column {number}" for number in range(12))} |
|{" --- |" * 12}
| `{CODE}` | {" | ".join(f"Cell number {number}" for number in range(11))} |

1. One
   - {WORD}
     - three deep, with `code`

> Quoted, with {WORD}.
"""
ANSWER = f"The first line, then one that never ends.\n\n    {CODE}\n\n{WORD}\n" + "And on. " * 300


def filled(length: int, words: str) -> str:
    """Exactly so many characters: words, and one word at the end that fills up."""
    text = f"{words} " * 2
    return text + "w" * (length - len(text))


def longest_set() -> QuestionSet:
    """Published: thirty questions, the first as long as one can be, the others a line."""
    topics = [
        Topic.objects.create(slug=f"t{number}", title=filled(100, "Consensus"))
        for number in "12345"
    ]
    common: dict[str, Any] = {
        "status": Status.PUBLISHED,
        "license": "CC-BY-SA-4.0",
        "checked_against": filled(100, "Kubernetes 1.36"),
        "checked_on": date(2020, 2, 29),  # stale
        "sources": [{"title": filled(200, "The handbook"), "url": f"https://example.com/{WORD}"}],
    }
    title, summary = filled(200, "Networks, probes and storage"), filled(300, "All of it.")
    question_set = QuestionSet.objects.create(
        slug="longest",
        title=title,
        summary=summary,
        description=MARKDOWN,
        level=QuestionSet.Level.INTERMEDIATE,
        **common,
    )
    question_set.topics.set(topics)
    story = Story.objects.create(
        slug="story", title=title, **dict.fromkeys(Story.SECTIONS, MARKDOWN), **common
    )
    note = Note.objects.create(slug="note", title=title, summary=summary, body=MARKDOWN, **common)
    for position in range(1, 31):
        question = Question.objects.create(
            question_set=question_set,
            slug=f"question-{position}",
            position=position,
            prompt="What is question 2 about, and what not?",
            minutes=4,
        )
        if position == 1:
            question.prompt = filled(500, "What happens when nobody answers?")
            question.body = question.answer = MARKDOWN
            question.difficulty = Question.Difficulty.ADVANCED
            question.follow_ups = [filled(400, "And then?")] * 3
            question.sources = common["sources"] * 2
            question.save()
            question.topics.set(topics)
        for number in range(1, 8 if position == 1 else 3):
            text = filled(500, "Names the probe") if position == 1 else f"Point {number}"
            question.key_points.create(
                key=f"p{number}", position=number, text=text, weight=10, story=story
            )
        question.record_version()
        for about in (story, note):
            about.topics.set(topics)
            about.related_questions.add(question)
    return question_set
