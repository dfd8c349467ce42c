"""What the link of an invitation leads to: what it is, and the start."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import TimingForm
from accounts.models import User
from interview.models import Interview, Invitation
from interview.models.interviews import AlreadySitting, NotOpen
from interview.views.access import not_found_if_deleted


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@not_found_if_deleted()
def invite(request: HttpRequest, secret: str) -> HttpResponse:
    """What is offered, never what is asked; POST starts it. Four queries.

    Its maker looks and doesn't sit. Who has followed it already is led to where their sitting
    stands, also after the due date.
    """
    invitations = Invitation.objects.for_pages().select_related("reviewer")
    invitation = get_object_or_404(invitations, secret=secret)
    person = request.user if isinstance(request.user, User) else None
    own = person is not None and person.pk == invitation.reviewer_id
    context = {"invitation": invitation, "own": own, "return_to": request.path}
    if request.method == "POST" and (person is None or own):
        return redirect("invite", secret) if person else redirect_to_login(request.path)
    if person and not own:
        sittings = Interview.objects.of(person)
        if earlier := sittings.filter(invitation=invitation).first():
            return redirect("interview", earlier.pk)
        timing = TimingForm(request.POST if "time" in request.POST else None, user=person)
        if request.method == "POST" and (timing.is_valid() or not timing.is_bound):
            if timing.is_bound and timing.has_changed():
                timing.save()
            return start(request, invitation, person)
        context["unfinished"] = sittings.running().with_now().first()
        context["timing"] = timing
    return render(request, "interview/invite.html", context)


def start(request: HttpRequest, invitation: Invitation, candidate: User) -> HttpResponse:
    """Start it, or lead to what this candidate started; else back to the page, which says why."""
    try:
        interview = invitation.start(candidate)
    except NotOpen:
        return redirect("invite", invitation.secret)
    except AlreadySitting:
        messages.info(request, _("Nothing was started: you have another interview running."))
        return redirect("invite", invitation.secret)
    return redirect("interview", interview.pk)
