"""What sets, questions, stories and notes are about."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from questions.models.reading import Note, Story
from questions.models.sets import Question, QuestionSet


class TopicQuerySet(models.QuerySet["Topic"]):
    def of(self, question: Question) -> Self:
        """The question's own and those of its set. One query."""
        on = models.Q(question=question) | models.Q(questionset=question.question_set_id)
        return self.filter(on).distinct()

    def for_list(self) -> Self:
        """Those that something published is about, and whether that is a set, a question, a story
        or a note. One query.
        """

        def something(published: models.QuerySet[Any]) -> models.Exists:
            return models.Exists(published.filter(topics=models.OuterRef("pk")))

        return (
            self.annotate(
                has_sets=something(QuestionSet.objects.published()),
                has_questions=something(Question.objects.readable()),
                has_stories=something(Story.objects.published()),
                has_notes=something(Note.objects.published()),
            )
            .filter(
                models.Q(has_sets=True)
                | models.Q(has_questions=True)
                | models.Q(has_stories=True)
                | models.Q(has_notes=True)
            )
            .order_by(Lower("title"), "pk")
        )

    def with_questions(self) -> Self:
        """Those that some readable question is about, itself or by its set; kubectl before Linux.

        One query.
        """
        questions = Question.objects.readable().order_by()
        return self.filter(
            models.Exists(questions.filter(topics=models.OuterRef("pk")))
            | models.Exists(questions.filter(question_set__topics=models.OuterRef("pk")))
        ).order_by(Lower("title"), "pk")


class Topic(models.Model):
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=100)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])
