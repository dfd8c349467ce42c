"""Django's own floor: a page that greets who is logged in, behind Django's usual middlewares; and
one that takes what a save sends, asks nobody and stores nothing.

Session and person are looked up as Django does it, in the app's database by the app's connections.
"""

import gc
import json
import os
from typing import Any

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import URLPattern, path  # noqa: E402

# After the setup, in which apps look for middlewares of theirs.
settings.ROOT_URLCONF = __name__
settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
settings.SESSION_ENGINE = "bench.floor_sessions"
settings.MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def hello(request: HttpRequest) -> HttpResponse:
    status = 200 if request.user.is_authenticated else 403
    return HttpResponse(f"Hello, {request.user}", status=status)


def receipt(request: HttpRequest, interview: str) -> HttpResponse:
    """Behind the same check of the token as a save."""
    sent = json.loads(request.body)
    return JsonResponse({"revision": sent["sequence"]})


urlpatterns: list[URLPattern] = [
    path("hello/", hello),
    path("interviews/<uuid:interview>/answers/1/save/", receipt),
]
application: Any = get_wsgi_application()

gc.collect()
gc.freeze()  # As config/wsgi.py does.
