"""Every component of the stylesheet on one page, for whoever changes the look.

It is made of the pages' own templates wherever a component has one, so it can't drift from them.
"""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from interview.chart import ScoreChart, bars_of, line_of
from interview.models import Assignment, Interview, Mark
from interview.quotes import Quote, passages
from interview.saving import Receipt
from questions.models import VersionKeyPoint

LONG_WORD = "Netzwerkrichtlinienkonfigurationsüberprüfungsverfahren" * 3
ANSWER = """\
An apiVersion is group and version. The core group has no name.

  kubectl api-resources   # spaces and lines stay

Alpha versions are off by default and may change."""
MARKDOWN = f"""\
Rendered Markdown at reading width. The core group has no name, so Pods are `v1` and Deployments
are `apps/v1`; see [the API concepts](https://example.com/). {LONG_WORD}

## What the stages promise

| Stage | Default | Promise |
| --- | --- | --- |
| `v1alpha1` | off | may change or vanish without notice, and has no migration at all |
| `v1` | on | stable |

1. First, with a list inside

   A second paragraph of it.
   - kinds are CamelCase
2. Second

```console
$ kubectl auth can-i create pods/exec --as=system:serviceaccount:team:web
no
```

```python
# How often to ask again
@retry(times=3)
def ask(name: str) -> int:
    return len(name) + 0x1F if name != "none" else None ?
```

```diff
- replicas: 2
+ replicas: 3
```

### In small

> Alpha has no support promise.
"""
POINTS = (
    VersionKeyPoint("mode", "Names nftables mode, stable since 1.33", 2),
    VersionKeyPoint("see", f"Says how to see which mode runs; {LONG_WORD}", 1),
)


class Sample(forms.Form):
    """One field of each kind, to be shown empty, in error and disabled."""

    email = forms.EmailField(
        label="Email", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    name = forms.CharField(label="Name", required=False, help_text="Shown to you, never to others.")
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="<ul><li>12 characters at least.</li><li>Not one that many have.</li></ul>",
    )
    questions = forms.IntegerField(label="Questions", initial=5)
    limit = forms.TypedChoiceField(
        label="Limit", coerce=int, choices=[(20, "20 minutes"), (40, "40 minutes")]
    )
    mode = forms.ChoiceField(
        label="Mode",
        help_text="You can't change it after the start.",
        choices=[("free", "Free: one clock, any order"), ("single", "One at a time, no way back")],
        widget=forms.RadioSelect,
    )
    announced = forms.MultipleChoiceField(
        label="Say when there are left",
        choices=[(10, "10 minutes"), (5, "5 minutes"), (1, "1 minute")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    topics = forms.MultipleChoiceField(
        label="Topics, in columns from seven on",
        choices=[(number, f"Topic number {number}") for number in range(7)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    comment = forms.CharField(label="Comment", widget=forms.Textarea(attrs={"rows": 3}))
    ask_for_review = forms.BooleanField(
        label="Ask for a review", help_text="Somebody else reads your answers."
    )


class Marks(forms.Form):
    """A mark for each key point, the first one chosen."""

    mode = forms.ChoiceField(choices=Mark.Value.choices, initial="full")
    see = forms.ChoiceField(choices=Mark.Value.choices)


def disabled(form: forms.Form) -> forms.Form:
    for field in form.fields.values():
        field.disabled = True
    return form


def points_with(form: forms.Form) -> dict[str, Any]:
    """As the pages on which one marks oneself have them."""
    return {"points": [(point, form[point.key]) for point in POINTS]}


def sitting(now: datetime) -> dict[str, Any]:
    """What the templates of the room and of grading ask for."""
    return {
        "interview": Interview(deadline=now + timedelta(minutes=23), extensions=9),
        "closes_at": now + timedelta(minutes=23),
        "receipt": Receipt(revision=17, saved_at=now, text=ANSWER, seconds_left=None),
        "shown_clock": {"show_clock": True},
    }


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show all components in their states; routed with DEBUG only."""
    in_error = Sample({"email": f"{LONG_WORD} is not an address", "limit": 20}, auto_id="wrong_%s")
    in_error.full_clean()
    in_error.add_error(None, "The interview has ended, so its limit cannot change.")
    now = timezone.now()
    context = {
        "form": Sample(),
        "form_in_error": in_error,
        "form_disabled": disabled(
            Sample(auto_id="disabled_%s", initial={"email": "ada@example.com"})
        ),
        "told": [
            Message(constants.INFO, "An info notice."),
            Message(constants.SUCCESS, "Your interview is finished."),
            Message(constants.WARNING, "This text came 14 seconds after the end."),
            Message(constants.ERROR, f"The server cannot be reached. {LONG_WORD}"),
        ],
        "page": Paginator(range(60), 20).page(2),
        "markdown": MARKDOWN,
        "long_word": LONG_WORD,
        "marked": points_with(Marks(prefix="kept")),
        "marks_missing": points_with(Marks({"missing-mode": "half"}, prefix="missing")),
        "passages": passages(ANSWER, [Quote(0, 35, 1), Quote(22, 63, 2)]),
        "assignment": Assignment(lease_ends_at=now + timedelta(minutes=19)),
        "sittings": [Interview(started_at=now - timedelta(days=60)), Interview(started_at=now)],
        "chart": ScoreChart(
            line_of([40, 52, 49, 70]), line_of([None, 45, 55, 72]), line_of([None, None, 60, None])
        ),
        "bars": bars_of([1, 0, 2, 4, 3]),
        **sitting(now),
    }
    return render(request, "styleguide.html", context)
