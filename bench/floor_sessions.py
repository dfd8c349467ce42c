"""Django's own sessions in the database, in the app's table."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from accounts.models import Session


class SessionStore(DatabaseSessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session
