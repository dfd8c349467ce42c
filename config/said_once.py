"""Where messages wait for the next page: each is said there once.

A form that is sent twice may be answered twice before that page comes, and would say so twice.
"""

from typing import Any

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponseBase


class SaidOnceStorage(FallbackStorage):
    def _store(
        self, messages: list[Message], response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> list[Any]:
        once: list[Message] = []
        for message in messages:
            if message not in once:
                once.append(message)
        return super()._store(once, response, *args, **kwargs)
