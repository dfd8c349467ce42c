"""What an address asks a search for."""

from typing import Any

from django import forms

from questions.models import Question, Topic
from questions.search.results import Kind, Narrowing

LAST_PAGE = 100


class SearchForm(forms.Form):
    """Of an address that somebody typed or changed, what makes no sense counts as not there."""

    q = forms.CharField(required=False, strip=False)
    kind = forms.ChoiceField(required=False, choices=Kind.choices)
    topic = forms.SlugField(required=False)
    difficulty = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=Question.Difficulty.choices
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def page_number(self) -> int:
        return int(self.cleaned_data.get("page") or 1)

    def narrowing(self) -> Narrowing:
        """One query if there is a topic."""
        slug = self.cleaned_data.get("topic")
        return Narrowing(
            kind=self.cleaned_data.get("kind", ""),
            topic=Topic.objects.filter(slug=slug).first() if slug else None,
            difficulty=self.cleaned_data.get("difficulty"),
        )
