"""What is searched: questions, stories and notes, and how SQL speaks of each.

Written by hand, as the ORM takes longer to put it together than Postgres to answer it.
"""

from dataclasses import dataclass

from questions.search.results import Kind

SAMPLE = "id % 8 = 0"
"""An eighth of the questions, in which `question_words_sample` and its like look words up."""


@dataclass(frozen=True)
class Arm:
    """How one kind is found.

    In its SQL `item` is the row, `home` a question's set, and `asked` what was asked for.
    """

    kind: Kind
    table: str
    title: str
    text: str
    on_topic: str
    parts: tuple[str, ...] = ("TRUE",)
    """Where to look first: a part in which an index of its own lists common words in no time."""

    @property
    def rows(self) -> str:
        home = " JOIN questions_questionset AS home ON home.id = item.question_set_id"
        return f"{self.table} AS item{home if self.kind == Kind.QUESTION else ''}"

    @property
    def of_home(self) -> str:
        if self.kind == Kind.QUESTION:
            return "home.slug AS set_slug, home.title AS set_title, item.difficulty"
        return "NULL AS set_slug, NULL AS set_title, NULL::smallint AS difficulty"

    @property
    def status(self) -> str:
        if self.kind == Kind.QUESTION:
            return "CASE home.status WHEN 'published' THEN item.status ELSE home.status END"
        return "item.status"


ARMS = (
    Arm(
        Kind.QUESTION,
        "questions_question",
        title="item.prompt",
        text="concat_ws(E'\\n\\n', item.body, item.answer)",
        on_topic="""(
            asked.topic IN (SELECT topic_id FROM questions_question_topics
                WHERE question_id = item.id)
            OR asked.topic IN (SELECT topic_id FROM questions_questionset_topics
                WHERE questionset_id = item.question_set_id)
        )""",
        parts=(SAMPLE, f"NOT {SAMPLE}"),
    ),
    Arm(
        Kind.STORY,
        "questions_story",
        title="item.title",
        text="concat_ws(E'\\n\\n', item.summary, item.what_happened, item.cause, item.impact,"
        " item.fix, item.lessons, item.discuss)",
        on_topic="""asked.topic IN (SELECT topic_id FROM questions_story_topics
            WHERE story_id = item.id)""",
    ),
    Arm(
        Kind.NOTE,
        "questions_note",
        title="item.title",
        text="concat_ws(E'\\n\\n', item.summary, item.body)",
        on_topic="""asked.topic IN (SELECT topic_id FROM questions_note_topics
            WHERE note_id = item.id)""",
    ),
)
