"""Where messages wait for the next page: each is said there once.

A form that is sent twice may be answered twice before that page comes, and would say so twice.
"""

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.fallback import FallbackStorage


class SaidOnceStorage(FallbackStorage):
    def add(self, level: int, message: str, extra_tags: str | None = "") -> None:
        # What this very page has shown may be said again on the next one.
        if self.used or Message(level, str(message)) not in self:
            super().add(level, message, extra_tags)
