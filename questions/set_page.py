"""What a set's page asks: the same for everybody, but that editors see drafts and the retired."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.kept import NUMBER, WORD, Kept
from accounts.models import User
from questions.models import Neighbours, Question, QuestionSet, Reading, Topic, is_editor
from questions.models.published import neighbours_of
from questions.models.reading import in_order, rows_about


@dataclass(frozen=True)
class Queries:
    found: Kept[QuestionSet]
    topics: Kept[Topic]
    questions: Kept[Question]
    around: Kept[Any]
    reading: Kept[Any]


@cache
def queries(editor: bool) -> Queries:
    sets, questions = QuestionSet.objects.all(), Question.objects.all()
    if not editor:
        sets, questions = sets.published(), questions.published()
    return Queries(
        found=Kept(lambda slug: sets.filter(slug=slug), slug=WORD),
        topics=Kept(lambda pk: Topic.objects.filter(questionset=pk), pk=NUMBER),
        questions=Kept(
            lambda pk: questions.filter(question_set=pk).order_by("position", "id").for_list(),
            pk=NUMBER,
        ),
        around=Kept(
            lambda pk, title: sets.rows_around(QuestionSet(pk=pk, title=title)),
            pk=NUMBER,
            title=WORD,
        ),
        reading=Kept(lambda pk: rows_about(Q(related_questions__question_set=pk)), pk=NUMBER),
    )


@dataclass(frozen=True)
class SetPage:
    set: QuestionSet
    topics: list[Topic]
    questions: list[Question]
    around: Neighbours
    reading: list[Reading]


def set_page(slug: str, reader: User | AnonymousUser) -> SetPage:
    """Five queries. `Http404` if there is no such set, or not for them."""
    asked = queries(is_editor(reader))
    found = asked.found.get_or_404(slug=slug)
    questions = asked.questions.fetch(pk=found.pk)
    for question in questions:
        question.question_set = found
    return SetPage(
        found,
        asked.topics.fetch(pk=found.pk),
        questions,
        neighbours_of(asked.around.rows(pk=found.pk, title=found.title)),
        in_order(asked.reading.rows(pk=found.pk)),
    )
