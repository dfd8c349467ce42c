"""Whom the measurements need: people with a log-in, sittings, a queue and a review."""

import string
from collections.abc import Iterable, Sequence
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import Session, User
from interview.groups import REVIEWERS

OURS = settings.AUTHENTICATION_BACKENDS[0]
DJANGOS = "django.contrib.auth.backends.ModelBackend"


def people(names: Iterable[str], *groups: str) -> list[User]:
    """New ones, without a password."""
    made = User.objects.bulk_create(
        User(email=f"{name}@example.com", password=UNUSABLE_PASSWORD_PREFIX) for name in names
    )
    for group in Group.objects.filter(name__in=groups):
        group.user_set.add(*made)
    return made


def reviewers(names: Iterable[str]) -> list[User]:
    return people(names, REVIEWERS)


def log_in(persons: Sequence[User], backend: str = OURS) -> list[str]:
    """A session of each, as a log-in makes it; its key, the cookie's value."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    letters = string.ascii_lowercase + string.digits
    end = timezone.now() + timedelta(hours=12)
    sessions = [
        Session(
            session_key=get_random_string(32, letters),
            user=person,
            expire_date=end,
            session_data=store.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: backend,
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
        )
        for person in persons
    ]
    Session.objects.bulk_create(sessions)
    return [session.session_key for session in sessions]
