"""Sessions in the database that know their user (SESSION_ENGINE)."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db.models.functions import Now

from accounts.kept import WORD, Kept
from accounts.models import Session, User, names_of_permissions

# Every page asks it: so it brings along who that is and what they may do.
LIVE = Kept(
    lambda key: (
        Session.objects.filter(session_key=key, expire_date__gt=Now())
        .select_related("user")
        .annotate(permission_names=names_of_permissions("user"))
    ),
    key=WORD,
)


class SessionStore(DatabaseSessionStore):
    person: User | None = None
    """Whose it was when it was loaded, with `permission_names`; `accounts.backends` asks for it."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        """Only what may be one of ours is looked up: Postgres refuses a text with NUL."""
        valid = super()._validate_session_key(key)  # type: ignore[misc]
        return bool(valid and str(key).isalnum())

    def _get_session_from_db(self) -> Session | None:
        """Django's own, with the person in the same query, which is built once: Django needs four
        times as long to build it as Postgres to answer.
        """
        found = LIVE.fetch(key=self.session_key or "")
        if not found:
            self._session_key = None
            return None
        session = found[0]
        self.person = session.user
        if self.person is not None:
            self.person.permission_names = session.permission_names
        return session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.user_id = data.get(SESSION_KEY)
        return session
