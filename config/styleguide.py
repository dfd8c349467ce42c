"""Every component of the stylesheet on one page, for whoever changes the look."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


class Sample(forms.Form):
    """One field of each kind, to be shown empty and in error."""

    email = forms.EmailField(label="Email")
    name = forms.CharField(label="Name", required=False, help_text="Shown to you, never to others.")
    limit = forms.TypedChoiceField(
        label="Limit", coerce=int, choices=[(20, "20 minutes"), (40, "40 minutes")]
    )
    mode = forms.ChoiceField(
        label="Mode",
        help_text="You can't change it after the start.",
        choices=[("free", "Free: one clock, any order"), ("single", "One at a time, no way back")],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(label="Comment", widget=forms.Textarea(attrs={"rows": 3}))
    ask_for_review = forms.BooleanField(
        label="Ask for a review", help_text="Somebody else reads your answers."
    )


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show all components in their states; routed with DEBUG only."""
    in_error = Sample({"email": "not an address"}, auto_id="wrong_%s")
    in_error.full_clean()
    in_error.add_error(None, "The interview has ended, so its limit cannot change.")
    return render(request, "styleguide.html", {"form": Sample(), "form_in_error": in_error})
