"""A selection of questions, as a spreadsheet or as JSON that our importer reads back."""

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any, TypeVar

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questions.importing.limits import MAX_BYTES, MAX_ITEMS
from questions.models import Question

M = TypeVar("M", bound=models.Model)

COLUMNS = (
    *("set", "id", "question", "body", "answer", "key points", "follow-ups", "difficulty"),
    *("minutes", "topics", "status", "sources", "licence"),
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class Exports(admin.ModelAdmin[M]):
    """Actions that hand out the chosen questions, or all of the chosen sets."""

    @admin.action(description=_("Export selected as CSV"), permissions=["view"])
    def export_csv(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> HttpResponse | None:
        return self.export(request, queryset, "csv", "text/csv; charset=utf-8")

    @admin.action(description=_("Export selected as JSON"), permissions=["view"])
    def export_json(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> HttpResponse | None:
        return self.export(request, queryset, "json", "application/json")

    def export(
        self, request: HttpRequest, queryset: models.QuerySet[Any], kind: str, content_type: str
    ) -> HttpResponse | None:
        """The file; None if there is more than one file of ours may hold. Three queries."""
        chosen = queryset.order_by().values("pk")
        within = {"pk__in": chosen} if self.model is Question else {"question_set__in": chosen}
        questions = list(Question.objects.filter(**within).for_export()[: MAX_ITEMS + 1])
        if len(questions) <= MAX_ITEMS:
            data = (as_csv if kind == "csv" else as_json)(questions).encode()
            if len(data) <= MAX_BYTES:
                disposition = f'attachment; filename="questions.{kind}"'
                return HttpResponse(
                    data, content_type, headers={"Content-Disposition": disposition}
                )
        text = gettext(
            "That is more than one file may hold: %(items)d questions, %(megabytes)d MB."
            " Choose fewer."
        )
        limits = {"items": MAX_ITEMS, "megabytes": MAX_BYTES // 1_000_000}
        self.message_user(request, text % limits, messages.ERROR)
        return None


def as_json(questions: Sequence[Question]) -> str:
    """Sets with their questions. What the importer reads: title, question, body, answer, key
    points' texts, follow-ups, difficulty and topics; the rest is for other programs.
    """
    sets: dict[int, dict[str, Any]] = {}
    for question in questions:
        holder = question.question_set
        into = sets.setdefault(
            holder.pk,
            {"title": holder.title, "id": holder.slug, "licence": holder.license, "questions": []},
        )
        into["questions"].append(
            {
                "id": question.slug,
                "question": question.prompt,
                "body": question.body,
                "answer": question.answer,
                "key_points": [
                    {"key": point.key, "text": point.text, "weight": point.weight}
                    for point in question.current_points
                ],
                "follow_ups": question.follow_ups,
                "difficulty": question.get_difficulty_display(),
                "minutes": question.minutes,
                "topics": [topic.title for topic in question.topics.all()],
                "status": question.status,
                "sources": question.sources,
            }
        )
    return json.dumps(list(sets.values()), ensure_ascii=False, indent=2) + "\n"


def as_csv(questions: Iterable[Question]) -> str:
    """A row each, below the names of the columns; opens in a spreadsheet without running."""
    # The mark at the start tells spreadsheets that it is UTF-8.
    file = StringIO("\ufeff", newline="")
    file.seek(0, 2)
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for question in questions:
        cells = [
            question.question_set.title,
            question.slug,
            question.prompt,
            question.body,
            question.answer,
            "\n".join(point.text for point in question.current_points),
            "\n".join(question.follow_ups),
            question.get_difficulty_display(),
            str(question.minutes),
            ", ".join(topic.title for topic in question.topics.all()),
            question.status,
            "\n".join(source["url"] for source in question.sources),
            question.question_set.license,
        ]
        writer.writerow(map(no_formula, cells))
    return file.getvalue()


def no_formula(cell: str) -> str:
    """A spreadsheet would calculate a cell that begins like one of these, after blanks too."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA_STARTS) else cell
