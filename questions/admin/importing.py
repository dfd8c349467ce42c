"""Import in the admin: a file, a preview to decide in, one transaction, drafts.

An import is its editor's own: for everybody else there is none. What can't be done now is said in a
message on the preview.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from questions import tasks
from questions.admin.import_rows import FILTERS, ItemPage, amount_of, beside, rows_of
from questions.importing import pending
from questions.importing.forms import ReadAgainForm, RetitleForm, UploadForm, WriteForm
from questions.models import Import, Note, QuestionSet, Story

AT_ONCE = 100_000
"""Files up to this many bytes are read while the editor waits, which takes a fraction of a second;
larger ones by a job."""
SHOWN_AT_ONCE = 100
"""Questions of a set that its page shows in good time; a larger set is only linked to."""
ROWS = 25
LINES = 100


class EditorRequest(HttpRequest):
    user: User


View = Callable[..., HttpResponse]


def for_editors(act: str) -> Callable[[View], View]:
    """Only who may `act` (add, view, change) gets in; the log-in is the admin's own."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(self: "ImportAdmin", request: EditorRequest, *args: Any, **kw: Any) -> Any:
            if not getattr(self, f"has_{act}_permission")(request):
                raise PermissionDenied
            return view(self, request, *args, **kw)

        return checked

    return decorate


get_only = method_decorator(require_GET)
post_only = method_decorator(require_POST)
get_and_post = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin[Import]):
    list_display = ["path", "state", "created_at", "source", "licence"]
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        own = Import.objects.of(request.user)  # type: ignore[arg-type]
        return own.defer("data", "reading", "known", "similar", "decisions")

    def has_delete_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        """Who may change it may discard it, on a page of its own."""
        return False

    @admin.display(description=_("state"))
    def state(self, item: Import) -> str:
        if item.written_at:
            return gettext("imported")
        if item.is_waiting:
            return gettext("is being read")
        return gettext("can’t be read") if item.error else gettext("waits for you")

    def get_urls(self) -> list[URLPattern]:
        def route(where: str, view: View, name: str) -> URLPattern:
            return path(where, self.admin_site.admin_view(view), name=f"questions_import_{name}")

        return [
            route("", self.changelist_view, "changelist"),
            route("add/", self.add_view, "add"),
            route("<str:key>/change/", self.preview_view, "change"),
            route("<str:key>/progress/", self.progress_view, "progress"),
            route("<str:key>/decide/", self.decide_view, "decide"),
            route("<str:key>/items/<str:item>/", self.item_view, "item"),
            route("<str:key>/read-again/", self.read_again_view, "read_again"),
            route("<str:key>/write/", self.write_view, "write"),
            route("<str:key>/undo/", self.undo_view, "undo"),
            route("<str:key>/discard/", self.discard_view, "discard"),
        ]

    def page(
        self, request: HttpRequest, template: str, title: Any, status: int = 200, **context: Any
    ) -> TemplateResponse:
        common = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        name, _hash, partial = template.partition("#")
        template = f"admin/questions/import/{name}.html{_hash}{partial}"
        return TemplateResponse(request, template, common | context, status=status)

    # The file.

    @get_and_post
    @for_editors("add")
    def add_view(self, request: EditorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = UploadForm(request.POST or None, request.FILES or None, editor=request.user)
        if request.method == "POST" and form.is_valid():
            item = self.keep(form)
            if item:
                return redirect("admin:questions_import_change", item.pk)
        return self.page(request, "upload", _("Import questions"), form=form)

    def keep(self, form: UploadForm) -> Import | None:
        """Keep the file, and read it or have it read; nothing is kept of what can't be read."""
        with transaction.atomic():
            item = form.save()
            start_reading(item)
            if item.error:
                transaction.set_rollback(True)
                form.refuse(item.error.split("\n"))
                return None
        return item

    @post_only
    @for_editors("change")
    def read_again_view(self, request: EditorRequest, key: str) -> HttpResponse:
        with self.changing(request, key) as item:
            form = ReadAgainForm(request.POST)
            if item.written_at or not form.is_valid():
                messages.error(request, gettext("It can’t be read again now."))
            else:
                item.read_again(**form.cleaned_data)
                start_reading(item)
        return redirect("admin:questions_import_change", key)

    @get_and_post
    @for_editors("change")
    def discard_view(self, request: EditorRequest, key: str) -> HttpResponse:
        item = self.own(request, key)
        if request.method == "POST":
            Import.objects.of(request.user).filter(pk=item.pk).delete()
            messages.success(request, gettext("The file is gone. What it wrote stays."))
            return redirect("admin:questions_import_changelist")
        return self.page(request, "discard", _("Discard this file?"), item=item)

    # The preview.

    @get_only
    @for_editors("view")
    def preview_view(self, request: EditorRequest, key: str) -> HttpResponse:
        item = self.own(request, key)
        if item.written_at:
            return self.page(request, "written", item.name, item=item, **written(item))
        again = ReadAgainForm(instance=item)
        if item.is_waiting or item.error:
            template = "waiting" if item.is_waiting else "unreadable"
            return self.page(request, template, item.name, item=item, again=again)
        write = WriteForm(instance=item, initial={"revision": item.revision})
        return self.preview(request, item, write, again)

    def preview(
        self, request: HttpRequest, item: Import, write: WriteForm, again: ReadAgainForm
    ) -> HttpResponse:
        preview = pending.preview_of(item)
        show = request.GET.get("show", "all")
        rows = rows_of(preview, item)
        filters = [
            (name, title, sum(map(is_shown, rows))) for name, (title, is_shown) in FILTERS.items()
        ]
        lists: dict[str, list[Any]] = {
            "left": preview.reading.ignored,
            "problems": preview.reading.problems,
        }
        filters += [
            ("left", gettext("left over"), len(lists["left"])),
            ("problems", gettext("to look at"), len(lists["problems"])),
        ]
        shown: list[Any] = lists.get(show) or []
        if show not in lists:
            show = show if show in FILTERS else "all"
            shown = [row for row in rows if FILTERS[show][1](row)]
        paginator = Paginator(shown, LINES if show in lists else ROWS)
        page = paginator.get_page(request.GET.get("page"))
        if show not in lists:
            beside(page.object_list)  # type: ignore[arg-type]
        context = {
            "item": item,
            "reading": preview.reading,
            "counts": amount_of(preview.chosen()),
            "filters": filters,
            "show": show,
            "page": page,
            "here": urlencode({"show": show, "page": page.number}),
            "write": write,
            "again": again,
            "licence": item.licence or preview.reading.licence,
        }
        status = 400 if write.errors else 200
        return self.page(request, "preview", item.name, status, **context)

    @get_only
    @for_editors("view")
    def progress_view(self, request: EditorRequest, key: str) -> HttpResponse:
        """What the waiting page asks every second; when there is more to see, it goes there."""
        item = self.own(request, key)
        if not item.is_waiting:
            url = reverse("admin:questions_import_change", args=[item.pk])
            return HttpResponseClientRedirect(url)
        return self.page(request, "waiting#progress", item.name, item=item)

    @get_only
    @for_editors("change")
    def item_view(self, request: EditorRequest, key: str, item: str) -> HttpResponse:
        """One thing that was found, whole, beside its lines in the file."""
        kept = self.own(request, key)
        if kept.written_at or kept.reading is None:
            return redirect("admin:questions_import_change", key)
        preview = pending.preview_of(kept)
        row = next((row for row in rows_of(preview, kept) if row.key == item), None)
        if row is None:
            raise Http404
        beside([row])
        page = ItemPage(row, pending.lines_of(kept))
        form = RetitleForm(initial={"text": page.text})
        back = QueryDict(request.GET.urlencode()).urlencode()
        return self.page(
            request, "item", row.title, item=kept, row=row, found=page, form=form, here=back
        )

    @post_only
    @for_editors("change")
    def decide_view(self, request: EditorRequest, key: str) -> HttpResponse:
        """`do` says what, in words: `skip q5`, `merge q5 q6`, `undo 17`."""
        act, *words = request.POST.get("do", "").split() or [""]
        with self.changing(request, key) as item:
            if act == "undo":
                self.take_back(request, item, words)
            else:
                pending.decide(item, *acts_of(request, act, words))
        shown_at = words[1:] if act == "undo" else words
        return self.back_to(request, key, request.POST.get("at") or "".join(shown_at[:1]))

    def take_back(self, request: HttpRequest, item: Import, words: list[str]) -> None:
        number = int(words[0]) if words and words[0].isascii() and words[0].isdigit() else 0
        besides = pending.take_back(item, number)
        if besides:
            text = ngettext(
                "%(count)d decision that built on it was taken back, too.",
                "%(count)d decisions that built on it were taken back, too.",
                besides,
            )
            messages.info(request, text % {"count": besides})

    def back_to(self, request: HttpRequest, key: str, anchor: str) -> HttpResponse:
        """The preview where the editor was."""
        here = QueryDict(request.POST.get("here", "")[:200])
        kept = {name: here[name] for name in ("show", "page") if name in here}
        url = reverse("admin:questions_import_change", args=[key])
        query = f"?{urlencode(kept)}" if kept else ""
        return HttpResponseRedirect(f"{url}{query}#{quote(anchor)}")

    # The drafts.

    @post_only
    @for_editors("change")
    def write_view(self, request: EditorRequest, key: str) -> HttpResponse:
        with self.changing(request, key) as item:
            form = WriteForm(request.POST, instance=item)
            if not form.is_valid():
                item.refresh_from_db()
                if item.reading is not None and not item.written_at:
                    return self.preview(request, item, form, ReadAgainForm(instance=item))
            elif not item.written_at:
                form.save()
                pending.write(item, revision=form.cleaned_data["revision"])
                log(request.user, item)
        item.refresh_from_db()
        if not item.written_at:
            return redirect("admin:questions_import_change", key)
        return self.land(request, item)

    def land(self, request: HttpRequest, item: Import) -> HttpResponse:
        """On the set that was written; for none, several or a large one on the list of all."""
        url = reverse("admin:questions_import_change", args=[item.pk])
        count = len((item.written or {}).get("question", []))
        text = ngettext(
            "%(count)d question is imported, as a draft.",
            "%(count)d questions are imported, as drafts.",
            count,
        )
        link = gettext("See what was written, or undo the import")
        said = format_html('{} <a href="{}">{}</a>', text % {"count": count}, url, link)
        messages.success(request, said)
        sets = (item.written or {}).get("questionset", [])
        if len(sets) == 1 and count <= SHOWN_AT_ONCE:
            return redirect("admin:questions_questionset_change", sets[0])
        return redirect(url)

    @post_only
    @for_editors("change")
    def undo_view(self, request: EditorRequest, key: str) -> HttpResponse:
        with self.changing(request, key) as item:
            was_written = item.written_at
            pending.undo(item)
            if was_written:
                messages.success(
                    request, gettext("The import is undone. Your decisions are still here.")
                )
        return redirect("admin:questions_import_change", key)

    # Whose it is.

    def own(self, request: EditorRequest, key: str) -> Import:
        """The editor's import.

        Raises:
            Http404: there is none, or it is somebody else's.
        """
        found = Import.objects.of(request.user).defer("data").filter(pk=key_of(key)).first()
        if found is None:
            raise Http404
        return found

    @contextmanager
    def changing(self, request: EditorRequest, key: str) -> Iterator[Import]:
        """The same, locked. What can't be done now is said in a message; nothing is lost of what
        was marked before."""
        item = self.own(request, key)
        try:
            with pending.changing(item.pk, request.user.pk) as locked:
                try:
                    yield locked
                except pending.NotNow as reason:
                    messages.error(request, str(reason))
        except Import.DoesNotExist:
            raise Http404 from None


def key_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def start_reading(item: Import) -> None:
    """At once, or in a job that begins when this transaction has ended."""
    if item.size > AT_ONCE:
        tasks.read_import.defer(key=str(item.pk), language=get_language())
    else:
        pending.read(item.pk)
        item.refresh_from_db()


def acts_of(request: HttpRequest, act: str, words: list[str]) -> list[dict[str, Any]]:
    """The decisions that a form of the preview asks for."""
    if act == "skip-ticked":
        return [{"act": "skip", "item": item} for item in request.POST.getlist("ticked")]
    decision: dict[str, Any] = {"act": act, "item": words[0] if words else ""}
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    if act in {"retitle", "begin"}:
        if not text or "\x00" in text or len(text) > 5_000:
            raise pending.NotNow(
                gettext("Write a prompt or title first, 5,000 characters at most.")
            )
        decision["text"] = text
    elif act == "merge":
        decision["other"] = words[1] if len(words) > 1 else ""
    elif act == "split":
        at = request.POST.get("line", "")
        decision["at"] = int(at) if at.isascii() and at.isdigit() and len(at) < 7 else 0
    return [decision]


def log(editor: User, item: Import) -> None:
    """Write into the history of all that was written where it comes from."""
    rows = [row for rows in written(item).values() for row in rows]
    if rows:
        message = gettext("Imported from %(name)s.") % {"name": item.name}
        LogEntry.objects.log_actions(editor.pk, rows, ADDITION, message)


def written(item: Import) -> dict[str, Any]:
    """What the import wrote, as far as it is still there. Three queries."""
    keys: dict[str, list[int]] = item.written or {}
    return {
        "sets": QuestionSet.objects.filter(pk__in=keys.get("questionset", [])),
        "stories": Story.objects.filter(pk__in=keys.get("story", [])),
        "notes": Note.objects.filter(pk__in=keys.get("note", [])),
    }
