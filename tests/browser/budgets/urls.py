"""The product's URLs, pages that fail, and the style guide, which only development has."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls
from config.styleguide import styleguide
from tests.browser.budgets import faulty

handler400 = urls.handler400


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Broken to see how the page of this looks.")


urlpatterns = [
    *urls.urlpatterns,
    *faulty.urlpatterns,
    path("broken/", broken),
    path("styleguide/", styleguide),
]
