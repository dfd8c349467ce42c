"""A reviewer's comment bank: their own, and nobody else's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import signed_in
from interview.forms.grading import BankForm
from interview.models import BankedComment
from interview.refusals import Refused
from interview.views.access import reviewers_only


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def comment_bank(request: HttpRequest) -> HttpResponse:
    """The comments, what was deleted last, and a form for another one. Two queries."""
    form = BankForm(request.POST or None)
    owner = signed_in(request)
    if form.is_valid():
        try:
            BankedComment.objects.add(owner, form.cleaned_data["text"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The comment is in your bank."))
            return redirect("comment-bank")
    bank = BankedComment.objects.of(owner)
    context = {"form": form, "comments": bank.kept(), "deleted": bank.deleted().first()}
    return render(request, "interview/comment_bank.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def banked_comment_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    comment = get_object_or_404(BankedComment.objects.of(signed_in(request)).kept(), pk=pk)
    form = BankForm(request.POST or None, initial={"text": comment.text})
    if form.is_valid():
        try:
            comment.change(form.cleaned_data["text"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Changed. Comments you gave with it stay as they are."))
            return redirect("comment-bank")
    return render(request, "interview/comment_bank_edit.html", {"form": form, "comment": comment})


@require_POST
@reviewers_only
def banked_comment_delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete it; its page offers to undo that until another one is deleted."""
    get_object_or_404(BankedComment.objects.of(signed_in(request)), pk=pk).discard()
    return redirect("comment-bank")


@require_POST
@reviewers_only
def banked_comment_restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        get_object_or_404(BankedComment.objects.of(signed_in(request)), pk=pk).restore()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The comment is back."))
    return redirect("comment-bank")
