"""What people manage about themselves."""

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import languages
from accounts.forms import DeleteAccountForm, LanguageForm, ProfileForm
from accounts.people import page_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and timing profile; `?next=` leads back to where the time was to be changed."""
    person = signed_in(request)
    back = next_page(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, user=person)
    if form.is_valid():
        form.save()
        response = redirect(back or "profile")
        if not person.language:
            languages.forget(response)
        with person.in_their_language():
            messages.success(request, _("Your profile is saved."))
        return response
    context = {
        "form": form,
        "next": back,
        "email_is_confirmed": person.email_is_confirmed(),
    }
    return render(request, "accounts/profile.html", context)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on, and lead back; kept in the account, if there is one.

    One query more than who it is.
    """
    form = LanguageForm(request.POST)
    response = redirect(page_of(request))
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
        languages.keep_in_step(request, response, chosen)
    return response


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def profile_delete(request: HttpRequest) -> HttpResponse:
    """Delete the account, once it was said what goes and the password was given."""
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, request=request)
    if not form.is_valid():
        return render(request, "accounts/profile_delete.html", {"form": form})
    signed_in(request).delete_account()
    logout(request)
    messages.success(request, _("Your account is deleted."))
    response = redirect("home")
    # The browser's own copies of answers go too.
    response["Clear-Site-Data"] = '"storage"'
    return response


def next_page(request: HttpRequest) -> str:
    """Where `next` leads, if that is a page of ours; else an empty string."""
    url = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    ours = url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )
    # Without a slash redirect() takes it for the name of a page.
    return url if ours and url.startswith("/") else ""
