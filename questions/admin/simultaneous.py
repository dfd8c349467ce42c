"""Two editors at once: the second is told, and nothing is overwritten silently.

A form carries what it was made from, and is compared with what is there when it comes back, under
a lock on the item's row. A list carries when each of its rows was last changed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, TypeVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from questions.differences import Passage, differences
from questions.models import hold

M = TypeVar("M", bound=models.Model)
State = dict[str, str]


class Part(NamedTuple):
    """Rows on the page of an item: their relation's name, and which fields stand there."""

    relation: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What one field said when the form was made, and what it says now."""

    label: str
    passages: list[Passage]


@dataclass(frozen=True)
class Conflict:
    """Somebody changed the item while its form was open. `entry` is None if no editor did."""

    at: datetime | None
    entry: LogEntry | None
    changes: list[Change]


class SeenForm(forms.ModelForm[Any]):
    """A form that knows what it was made from.

    `seen` holds that; when it is no longer so, the form comes back with all that was typed, and
    with `told`, what is there now. It is then saved only with `overwrite`, and if that is still so.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    told = forms.CharField(required=False, widget=forms.HiddenInput)
    overwrite = forms.BooleanField(
        required=False, label=_("I have seen this. Save what stands in the form below.")
    )
    own_fields: ClassVar[frozenset[str]] = frozenset(["seen", "told", "overwrite"])
    parts: ClassVar[tuple[Part, ...]] = ()
    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["seen"] = json.dumps(self.state())

    def state(self) -> State:
        """What is in the database of all that this form can change, as text by name."""
        state = {
            name: as_text(field, field_value(self.instance, name))
            for name, field in self.fields.items()
            if name not in self.own_fields
        }
        for part in self.parts:
            rows = getattr(self.instance, part.relation).order_by("pk")
            for row in rows.values("pk", *part.fields):
                for name in part.fields:
                    state[f"{part.relation} {row['pk']} {name}"] = str(row[name] or "")
        return state

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk is None:
            return cleaned
        # Compared as read, not as written: a browser may send other line ends.
        now = self.state()
        seen, told = as_state(cleaned.get("seen")), as_state(cleaned.get("told"))
        if seen == now or (told == now and cleaned.get("overwrite")):
            return cleaned
        self.conflict = self.conflict_between(seen or {}, now)
        typed = cast("QueryDict", self.data).copy()
        typed["told"] = json.dumps(now)
        typed.pop("overwrite", None)
        self.data = typed
        raise ValidationError(
            _("Somebody changed this while you were editing. Nothing is saved yet."),
            code="conflict",
        )

    def conflict_between(self, seen: State, now: State) -> Conflict:
        rows = {
            (part.relation, str(row.pk)): row
            for part in self.parts
            for row in getattr(self.instance, part.relation).all()
        }
        items = [self.instance, *rows.values()]
        times = [item.updated_at for item in items if hasattr(item, "updated_at")]
        at = max(times, default=None)
        return Conflict(
            at=at,
            entry=last_entry(items, at),
            changes=[
                Change(self.label(name, rows), differences(seen.get(name, ""), now[name]))
                for name in now
                if seen.get(name, "") != now[name]
            ],
        )

    def label(self, name: str, rows: Mapping[tuple[str, str], models.Model]) -> str:
        """What stands beside a field on the page. `rows` are those of the parts, by their ids."""
        if name in self.fields:
            return str(self.fields[name].label)
        relation, pk, field_name = name.split(" ")
        row = rows[relation, pk]
        field = cast("models.Field[Any, Any]", row._meta.get_field(field_name))
        return f"{row}: {field.verbose_name}"


def field_value(item: models.Model, name: str) -> Any:
    field = cast("models.Field[Any, Any]", item._meta.get_field(name))
    if field.many_to_many:
        return list(getattr(item, name).order_by("pk").values_list("pk", flat=True))
    return field.value_from_object(item)


def as_text(field: forms.Field, value: Any) -> str:
    value = field.prepare_value(value)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def as_state(text: str | None) -> State | None:
    """What a form says that it has seen; None for anything that no form of ours says."""
    try:
        state = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(state, dict) or not all(isinstance(one, str) for one in state.values()):
        return None
    return state


def last_entry(items: list[Any], since: datetime | None) -> LogEntry | None:
    """Who changed one of `items` at `since`, as the admin has noted it in that transaction.

    An import notes nothing, so its changes are nobody's. Without `since`, for items that don't
    know when they were changed, the latest. One query.
    """
    ids: dict[type[models.Model], list[str]] = {}
    for item in items:
        ids.setdefault(type(item), []).append(str(item.pk))
    about = models.Q()
    for model, pks in ids.items():
        kind = ContentType.objects.get_for_model(model)
        about |= models.Q(content_type=kind, object_id__in=pks)
    entries = LogEntry.objects.filter(about).select_related("user")
    if since is None:
        return entries.order_by("-action_time").first()
    return entries.filter(action_time__gte=since).order_by("action_time").first()


class Held(admin.ModelAdmin[M]):
    """Items that one editor saves at a time; their form is a `SeenForm`."""

    def locks(self, pk: Any) -> Iterator[models.QuerySet[Any]]:
        """The rows to hold while an item is saved."""
        yield self.model._default_manager.filter(pk=pk)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> M | None:
        """Held until it is saved, if that is why it is asked for, and as it is from then on."""
        found = super().get_object(request, object_id, from_field)
        if request.method != "POST" or found is None:
            return found
        hold(*self.locks(found.pk))
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A form that asks for a slug which somebody else takes at this moment comes back too."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
        # Nothing of it was saved. Now the form finds the other one, and says so beside the field.
        return super().changeform_view(request, object_id, form_url, extra_context)


class ListActionForm(ActionForm):
    """The choice of an action, with what the list said of its rows: `id:when it was changed`."""

    listed = forms.CharField(required=False, label="", widget=forms.HiddenInput)


class Simultaneous(Held[M]):
    """And their list, whose actions look before they act."""

    action_form = ListActionForm

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if context.get("action_form"):
            rows = context["cl"].result_list
            listed = " ".join(f"{row.pk}:{row.updated_at.isoformat()}" for row in rows)
            context["action_form"].initial["listed"] = listed
        return response

    def changed_since_listed(
        self, request: HttpRequest, times: Mapping[int, datetime]
    ) -> list[int]:
        """The ids of those in `times` (when each was changed last) that the list said else of."""
        said = dict(
            row.partition(":")[::2] for row in request.POST.get("listed", "").split(" ") if row
        )
        return [
            pk for pk, at in times.items() if said.get(str(pk), at.isoformat()) != at.isoformat()
        ]

    def warning_about(self, pks: list[int]) -> str:
        """Nothing was done, because these were changed."""
        item = self.model._default_manager.get(pk=pks[0])
        entry = last_entry([item], item.updated_at)  # type: ignore[attr-defined]
        return gettext(
            "Nothing was changed. Since you opened this list, %(who)s changed “%(item)s”."
            " Look at it, then choose again."
        ) % {"who": entry.user if entry else gettext("somebody"), "item": item}
