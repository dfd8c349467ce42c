"""What a candidate chooses before an interview: a set or a mix of questions, time and order."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from interview.mixing import USUAL_NUMBER, Mix
from interview.models import Interview
from questions.models import Question, QuestionSet, Topic

FEWEST_MINUTES, MOST_MINUTES = 5, 180  # of an interview that a candidate sets up
FEWEST_QUESTIONS, MOST_QUESTIONS = 3, 15  # of a mixed one


def possible_minutes(minutes: float) -> int:
    """The nearest whole number of minutes that an interview can take."""
    return min(max(round(minutes), FEWEST_MINUTES), MOST_MINUTES)


class HowToSitForm(forms.Form):
    mode = forms.ChoiceField(
        label=_("Order"), choices=Interview.Mode.choices, widget=forms.RadioSelect
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=FEWEST_MINUTES,
        max_value=MOST_MINUTES,
        help_text=_("From 5 to 180. Your timing profile multiplies them."),
        error_messages={
            "required": _("Enter 5 to 180 minutes."),
            "invalid": _("Enter 5 to 180 minutes, in whole numbers."),
            "min_value": _("Enter 5 to 180 minutes."),
            "max_value": _("Enter 5 to 180 minutes."),
        },
    )


class SetForm(HowToSitForm):
    """How to sit the chosen set, whose questions are all asked."""

    question_set = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, question_set: QuestionSet | None) -> None:
        self.chosen = question_set
        usual = question_set.minutes if question_set else FEWEST_MINUTES
        super().__init__(
            data, initial={"mode": Interview.Mode.FREE, "minutes": possible_minutes(usual)}
        )

    def clean_question_set(self) -> QuestionSet:
        """The set that the page showed; what is started is never another one."""
        if self.chosen is None or self.cleaned_data["question_set"] != self.chosen.slug:
            raise forms.ValidationError(_("That set can’t be sat any more. This is another one."))
        return self.chosen


class MixForm(HowToSitForm):
    """What a mixed interview asks, and how to sit it.

    `remedy` says which button was pressed where too few questions matched.
    """

    LAST_WEEK_TOO, ALL_THAT_MATCH = "last-week-too", "all-that-match"

    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        required=False,
        help_text=_("Choose none and all can come."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("No question is on one of these topics any more.")},
    )
    difficulties = forms.TypedMultipleChoiceField(
        label=_("Difficulty"),
        required=False,
        choices=[(value, capfirst(label)) for value, label in Question.Difficulty.choices],
        coerce=int,
        help_text=_("Choose none and all can come."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    number = forms.IntegerField(
        label=_("Questions"),
        min_value=FEWEST_QUESTIONS,
        max_value=MOST_QUESTIONS,
        help_text=_("From 3 to 15."),
        error_messages={
            "required": _("Enter 3 to 15 questions."),
            "invalid": _("Enter 3 to 15 questions, in whole numbers."),
            "min_value": _("Enter 3 to 15 questions."),
            "max_value": _("Enter 3 to 15 questions."),
        },
    )
    not_last_week = forms.BooleanField(label=_("Not the ones I had last week"), required=False)

    USUAL = {
        "mode": Interview.Mode.FREE,
        "topics": [],
        "difficulties": [],
        "number": USUAL_NUMBER,
        "minutes": None,
        "not_last_week": True,
    }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        topics: Sequence[Topic],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """`topics` are those to choose from."""
        self.topic_of = {topic.slug: topic for topic in topics}
        self.remedy = data.get("remedy") if data else None
        if data and self.remedy == self.LAST_WEEK_TOO:
            data = data.copy()
            data.pop("not_last_week", None)
        super().__init__(data, initial={**self.USUAL, **(initial or {})})
        choices = self.fields["topics"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(topic.slug, topic.title) for topic in topics]
        self.fields["minutes"].required = False
        self.fields["minutes"].help_text = _(
            "From 5 to 180. Left empty, as long as the questions take."
        )

    @classmethod
    def suggested_by(cls, address: QueryDict, topics: Sequence[Topic]) -> Self:
        """With what an address chooses. What makes no sense there is as usual."""
        sent = address.copy()
        known = {topic.slug for topic in topics}
        sent.setlist("topics", [slug for slug in sent.getlist("topics") if slug in known])
        form = cls(sent, topics=topics)
        form.full_clean()
        chosen = {name: value for name, value in form.cleaned_data.items() if name in address}
        return cls(topics=topics, initial=chosen)

    @property
    def choice(self) -> dict[str, Any]:
        """What is chosen so far, field by field; what makes no sense is as usual."""
        return {**self.initial, **(self.cleaned_data if self.is_bound else {})}

    @property
    def mix(self) -> Mix:
        choice = self.choice
        return Mix(
            topics=[self.topic_of[slug] for slug in choice["topics"]],
            difficulties=choice["difficulties"],
            number=choice["number"],
            not_last_week=choice["not_last_week"],
        )

    def mix_to_start(self, candidate: User) -> Mix:
        """What is chosen; with no more questions than match if that button was pressed."""
        if self.remedy == self.ALL_THAT_MATCH:
            return self.mix.no_more_than_match(candidate)
        return self.mix

    def say_too_few(self, found: int) -> None:
        """Say beside the number how many match. It stays chosen."""
        number = self.cleaned_data["number"]
        message = ngettext("Only one question matches.", "Only %(found)d questions match.", found)
        self.add_error("number", message % {"found": found} if found else _("No question matches."))
        self.cleaned_data["number"] = number
