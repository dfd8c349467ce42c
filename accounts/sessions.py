"""Sessions in the database that know their user (SESSION_ENGINE)."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from accounts.models import Session
from accounts.prepared import fetch_prepared

LIVE = "SELECT session_data, expire_date FROM session WHERE session_key = $1 AND expire_date > $2"


class SessionStore(DatabaseSessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        """Only what may be one of ours is looked up: Postgres refuses a text with NUL."""
        valid = super()._validate_session_key(key)  # type: ignore[misc]
        return bool(valid and str(key).isalnum())

    def _get_session_from_db(self) -> Session | None:
        """Django's own, which every page asks, without building a query: that costs four times as
        much as the answer.
        """
        key = self.session_key or ""
        rows = fetch_prepared(LIVE, [key, timezone.now()])
        if not rows:
            self._session_key = None
            return None
        [(data, end)] = rows
        return Session(session_key=key, session_data=data, expire_date=end)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.user_id = data.get(SESSION_KEY)
        return session
