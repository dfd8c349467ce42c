"""What is searched: questions, stories and notes, and how SQL speaks of each.

Written by hand, as the ORM takes longer to put it together than Postgres to answer it.
"""

from dataclasses import dataclass

from questions.search.results import Kind


@dataclass(frozen=True)
class Arm:
    """How one kind is found. In its SQL `item` is the row, and `home` a question's set."""

    kind: Kind
    rows: str
    title: str
    text: str
    on_topic: str
    has_difficulty: bool = False

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
        "questions_question AS item JOIN questions_questionset AS home"
        " ON home.id = item.question_set_id",
        title="item.prompt",
        text="concat_ws(E'\\n\\n', item.body, item.answer)",
        on_topic="""(
            EXISTS (SELECT FROM questions_question_topics AS own
                WHERE own.question_id = item.id AND own.topic_id = %(topic)s)
            OR EXISTS (SELECT FROM questions_questionset_topics AS given
                WHERE given.questionset_id = item.question_set_id AND given.topic_id = %(topic)s)
        )""",
        has_difficulty=True,
    ),
    Arm(
        Kind.STORY,
        "questions_story AS item",
        title="item.title",
        text="concat_ws(E'\\n\\n', item.summary, item.what_happened, item.cause, item.impact,"
        " item.fix, item.lessons, item.discuss)",
        on_topic="""EXISTS (SELECT FROM questions_story_topics AS own
            WHERE own.story_id = item.id AND own.topic_id = %(topic)s)""",
    ),
    Arm(
        Kind.NOTE,
        "questions_note AS item",
        title="item.title",
        text="concat_ws(E'\\n\\n', item.summary, item.body)",
        on_topic="""EXISTS (SELECT FROM questions_note_topics AS own
            WHERE own.note_id = item.id AND own.topic_id = %(topic)s)""",
    ),
)
