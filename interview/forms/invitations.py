"""How a reviewer prepares an invitation: what is asked, and on which terms."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from interview.models import Interview, Invitation
from interview.models.invitations import FEWEST_MINUTES, MOST_MINUTES, MOST_QUESTIONS
from questions.models import Question, QuestionQuerySet, Topic

USUAL_DAYS, MOST_DAYS = 7, 366
PER_PAGE = 40
MOST_TOPICS = 200
MOST_WORDS = 5


class TermsForm(forms.Form):
    """What can be changed at any time: the title, and until when it can be started."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("Those you invite see it before the start, so let it give nothing away."),
    )
    due_at = forms.DateTimeField(
        label=_("To be started by"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={
            "required": _("Enter a date and a time."),
            "invalid": _("Enter a date and a time, such as 2026-11-30 18:00."),
        },
    )

    field_order = ("title", "mode", "minutes", "due_at")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        invitation: Invitation | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.invitation = invitation
        terms = ("title", "minutes", "mode", "due_at")
        usual = {name: getattr(invitation, name) for name in terms} if invitation else usual_terms()
        super().__init__(data, initial={**usual, **(initial or {})})
        self.fields["due_at"].help_text = _("In your time zone, %(zone)s.") % {
            "zone": timezone.get_current_timezone_name()
        }

    def clean_due_at(self) -> datetime:
        """In the future, unless it stays as it was: a title can be changed after the date too."""
        due_at: datetime = self.cleaned_data["due_at"]
        if self.invitation and "due_at" not in self.changed_data:
            return self.invitation.due_at or due_at
        now = timezone.now()
        if due_at <= now:
            raise ValidationError(_("This has passed. Choose a time that is still to come."))
        if due_at > now + timedelta(days=MOST_DAYS):
            raise ValidationError(_("Choose a time within the next year."))
        return due_at


class InvitationForm(TermsForm):
    """All of it, until somebody has sat it."""

    mode = forms.ChoiceField(
        label=_("Order"),
        choices=[(value, capfirst(label)) for value, label in Interview.Mode.choices],
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=FEWEST_MINUTES,
        max_value=MOST_MINUTES,
        help_text=_("From 1 to 600. Each candidate’s own timing profile multiplies them."),
        error_messages={
            "required": _("Enter 1 to 600 minutes."),
            "invalid": _("Enter 1 to 600 minutes, in whole numbers."),
            "min_value": _("Enter 1 to 600 minutes."),
            "max_value": _("Enter 1 to 600 minutes."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, choice: "Choice", **options: Any) -> None:
        super().__init__(data, **options)
        self.choice = choice

    def clean(self) -> dict[str, Any]:
        for complaint in self.choice.complaints:
            self.add_error(None, complaint)
        if not self.choice.questions:
            self.add_error(None, _("Choose at least one question."))
        return {**self.cleaned_data, "questions": self.choice.questions}


class Choice:
    """The questions chosen so far, in order, as the page carries them along.

    Nothing is stored before the whole is saved. Each button sends all: what is chosen
    (`question`), what was ticked in the library (`add`), and what the button does (`do`): `up:7`
    and `down:7` move question 7. What was unticked is not sent.
    """

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = list(questions)
        self.complaints: list[str] = []

    @classmethod
    def sent(cls, data: QueryDict, invitation: Invitation | None) -> "Choice":
        """What `data` chooses: of the published, and of what the invitation asks anyway."""
        sent = [*data.getlist("question"), *data.getlist("add")]
        ids = list(dict.fromkeys(int(text) for text in sent if is_id(text)))
        _move(ids, data.get("do", ""))
        may_ask = Q(pk__in=Question.objects.readable().values("pk"))
        if invitation:
            may_ask |= Q(pk__in=invitation.prepared().values("pk"))
        found = for_choosing(Question.objects.filter(may_ask)).in_bulk(ids[:MOST_QUESTIONS])
        choice = cls([found[pk] for pk in ids[:MOST_QUESTIONS] if pk in found])
        missing = len(ids[:MOST_QUESTIONS]) - len(found) + sum(not is_id(text) for text in sent)
        if missing:
            choice.complaints.append(
                ngettext(
                    "One question is not in the library any more, and was left out.",
                    "%(n)d questions are not in the library any more, and were left out.",
                    missing,
                )
                % {"n": missing}
            )
        if over := len(ids[MOST_QUESTIONS:]):
            choice.complaints.append(
                ngettext(
                    "An invitation asks at most %(most)d questions. One was left out.",
                    "An invitation asks at most %(most)d questions. %(n)d were left out.",
                    over,
                )
                % {"n": over, "most": MOST_QUESTIONS}
            )
        return choice

    @property
    def minutes(self) -> int | None:
        """How long the questions are meant to take: the limit that is suggested."""
        if not self.questions:
            return None
        meant = sum(question.minutes for question in self.questions)
        return min(max(meant, FEWEST_MINUTES), MOST_MINUTES)


def _move(ids: list[int], do: str) -> None:
    """Swap the question that the button names with its neighbour, if it has one."""
    direction, _colon, pk = do.partition(":")
    if direction not in {"up", "down"} or not is_id(pk) or int(pk) not in ids:
        return
    here = ids.index(int(pk))
    there = here + (1 if direction == "down" else -1)
    if 0 <= there < len(ids):
        ids[here], ids[there] = ids[there], ids[here]


class LibraryForm(forms.Form):
    """What the library is narrowed to while choosing. What makes no sense narrows nothing."""

    words = forms.CharField(
        label=_("Words"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    difficulty = forms.TypedChoiceField(
        label=_("Difficulty"),
        choices=[("", _("Any")), *Question.Difficulty.choices],
        coerce=int,
        required=False,
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data or {})
        topics = Topic.objects.order_by(Lower("title"), "pk").values_list("slug", "title")[
            :MOST_TOPICS
        ]
        # Read once, as a field that is shown and checked asks for them twice.
        self.fields["topic"].choices = [("", _("Any")), *topics]  # type: ignore[attr-defined]

    def matching(self) -> QuestionQuerySet:
        """The published questions that it asks for, by set."""
        self.is_valid()
        questions = Question.objects.readable()
        for word in self.cleaned_data.get("words", "").split()[:MOST_WORDS]:
            named = Q(question_set__title__icontains=word)
            questions = questions.filter(named | Q(prompt__icontains=word))
        if slug := self.cleaned_data.get("topic"):
            questions = questions.on_topics(Topic.objects.filter(slug=slug))
        if difficulty := self.cleaned_data.get("difficulty"):
            questions = questions.of_difficulty([difficulty])
        return for_choosing(questions).order_by(
            "question_set__title", "question_set_id", "position", "id"
        )


class LibraryPage:
    """A page of the library, without what is chosen already. One query."""

    def __init__(self, form: LibraryForm, choice: Choice, number: int) -> None:
        chosen = [question.pk for question in choice.questions]
        first = (number - 1) * PER_PAGE
        # One more than is shown tells whether there is a next page, without counting them all.
        found = list(form.matching().exclude(pk__in=chosen)[first : first + PER_PAGE + 1])
        self.number = number
        self.previous = number - 1 if number > 1 else None
        self.next = number + 1 if len(found) > PER_PAGE else None
        by_set = groupby(found[:PER_PAGE], lambda question: question.question_set)
        self.sets = [(question_set, list(questions)) for question_set, questions in by_set]


def usual_terms() -> dict[str, Any]:
    """Free order, and a week: until the end of that day for the reviewer."""
    week = timezone.localtime() + timedelta(days=USUAL_DAYS)
    return {
        "mode": Interview.Mode.FREE,
        "due_at": week.replace(hour=23, minute=59, second=0, microsecond=0),
    }


def for_choosing(questions: QuestionQuerySet) -> QuestionQuerySet:
    """With their sets, and without what is long."""
    return questions.select_related("question_set").only(
        "prompt", "minutes", "difficulty", "status", "question_set__title", "question_set__status"
    )


def is_id(text: str) -> bool:
    """Whether it can be the id of a question: digits, as many as the column holds."""
    return text.isascii() and text.isdecimal() and len(text) <= 18
