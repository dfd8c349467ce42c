"""Where a reviewer prepares invitations and sees who has sat them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect
from uuid_utils.compat import uuid7

from accounts.people import signed_in
from interview.forms.grading import number_in
from interview.forms.invitations import Choice, InvitationForm, LibraryForm, LibraryPage, TermsForm
from interview.models import Invitation
from interview.models.invitations import MOST_QUESTIONS
from interview.views.access import not_found_if_deleted, reviewers_only
from questions.models import Question

PER_PAGE = 20
SITTERS_PER_PAGE = 100


@require_safe
@reviewers_only
def invitation_list(request: HttpRequest) -> HttpResponse:
    """One's own, newest first. Two queries."""
    invitations = Invitation.objects.of(signed_in(request))
    paginator = Paginator(invitations.for_pages(), PER_PAGE)
    # Counted without what the list shows of each.
    paginator.count = invitations.count()
    page = paginator.get_page(request.GET.get("page"))
    return render(request, "interview/invitation_list.html", {"page": page})


@require_safe
@reviewers_only
def invitation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The link, what is asked, and who has sat it: names in alphabetical order, never a time."""
    found = _own_invitation(request, pk)
    sitters = Paginator(found.sitters(), SITTERS_PER_PAGE)
    sitters.count = found.sat_count
    return render(
        request,
        "interview/invitation.html",
        {
            "invitation": found,
            "link": settings.SITE_URL + reverse("invite", args=[found.secret]),
            "questions": found.prepared().select_related("question_set"),
            "page": sitters.get_page(request.GET.get("page")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@vary_on_headers("HX-Request")
def invitation_new(request: HttpRequest) -> HttpResponse:
    return _prepare(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@vary_on_headers("HX-Request")
@not_found_if_deleted()
def invitation_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything, until somebody has sat it; then the title and the due date."""
    found = _own_invitation(request, pk)
    if not found.sat_count:
        return _prepare(request, found)
    form = TermsForm(request.POST if request.method == "POST" else None, invitation=found)
    if form.is_valid():
        found.rename(**form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("invitation", pk)
    return render(request, "interview/invitation_terms.html", {"invitation": found, "form": form})


def _prepare(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """Choose and order questions, button by button; store it all when `do` says so. Four queries.

    htmx gets the form anew, a plain form the page.
    """
    data = request.POST if request.method == "POST" else None
    key = _key(data)
    if data is not None:
        choice = Choice.sent(data, invitation)
    else:
        asked = invitation.prepared() if invitation else Question.objects.none()
        choice = Choice(asked.select_related("question_set"))
    if data is not None and data.get("do") == "save":
        form = InvitationForm(data, choice=choice, invitation=invitation)
        if form.is_valid():
            return _save(request, invitation, form.cleaned_data, key)
    else:
        form = InvitationForm(choice=choice, invitation=invitation, initial=_typed(data, choice))
    library = LibraryForm(data)
    response = render(
        request,
        "interview/invitation_form.html"
        + ("#invitation-form" if getattr(request, "htmx", False) else ""),
        {
            "invitation": invitation,
            "key": key,
            "form": form,
            "choice": choice,
            "library": library,
            "page": LibraryPage(library, choice, _page_number(data)),
            "most_questions": MOST_QUESTIONS,
        },
    )
    if form.is_bound:
        # Save is at the end of the form, and what is wrong is said at its top.
        response["HX-Reswap"] = "outerHTML show:top"
    return response


def _typed(data: Any, choice: Choice) -> dict[str, Any]:
    """What stands in the fields, unchecked; the minutes follow the questions unless changed."""
    if data is None:
        return {}
    typed = {name: data[name] for name in ("title", "mode", "minutes", "due_at") if name in data}
    if typed.get("minutes", "") in {"", data.get("suggested")}:
        typed["minutes"] = choice.minutes
    return typed


def _key(data: Any) -> UUID:
    """What a form that is sent twice makes one invitation by: the page's own, or a new one."""
    try:
        return UUID((data or {}).get("key", ""))
    except ValueError:
        return uuid7()


def _page_number(data: Any) -> int:
    """The page of the library that the button leads to, or that was shown."""
    if data is None or data.get("do") == "search":
        return 1
    button, _colon, number = data.get("do", "").partition(":")
    return number_in(number if button == "page" else data.get("page", "")) or 1


def _save(
    request: HttpRequest, invitation: Invitation | None, fields: dict[str, Any], key: UUID
) -> HttpResponse:
    if invitation is None:
        invitation = Invitation.objects.prepare(reviewer=signed_in(request), key=key, **fields)
        messages.success(request, _("Your invitation is ready. Send its link to those you invite."))
    elif invitation.rewrite(**fields):
        messages.success(request, _("Saved."))
    else:
        messages.error(
            request,
            _("Somebody has sat it meanwhile, so what it asks stays. Nothing was changed."),
        )
    url = reverse("invitation", args=[invitation.pk])
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)


@require_POST
@reviewers_only
@not_found_if_deleted()
def invitation_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    if _own_invitation(request, pk).close():
        messages.success(
            request, _("Closed: nobody can start it any more. Whoever has started it goes on.")
        )
    return redirect("invitation", pk)


@require_POST
@reviewers_only
def invitation_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    if _own_invitation(request, pk).reopen():
        messages.success(request, _("Open again, until its due date."))
    return redirect("invitation", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@not_found_if_deleted()
def invitation_delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once, then delete; what somebody has sat can only be closed."""
    found = _own_invitation(request, pk)
    if request.method != "POST" and not found.sat_count:
        return render(request, "interview/invitation_delete.html", {"invitation": found})
    if request.method == "POST" and found.delete_unsat():
        messages.success(request, _("The invitation is deleted. Its link leads nowhere now."))
        return redirect("invitation-list")
    messages.error(request, _("Somebody has sat it, so it stays. You can close it."))
    return redirect("invitation", pk)


def _own_invitation(request: HttpRequest, pk: UUID) -> Invitation:
    return get_object_or_404(Invitation.objects.of(signed_in(request)).for_pages(), pk=pk)
