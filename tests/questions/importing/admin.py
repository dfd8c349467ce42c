"""What an editor does in the admin to import."""

import html
import re
from typing import Any

from django.test import Client

from questions.models import Import


class Desk:
    """An editor before the preview of one file."""

    def __init__(self, client: Client, item: Import) -> None:
        self.client = client
        self.item = item
        self.path = f"/admin/questions/import/{item.pk}/"

    def url(self, act: str = "change") -> str:
        return f"{self.path}{act}/"

    def look(self, query: str = "") -> str:
        """The text of the page."""
        response = self.client.get(self.url() + query)
        assert response.status_code == 200
        return words_of(response)

    def do(self, act: str, **fields: Any) -> str:
        """Press a button of the preview; the page after it."""
        response = self.client.post(self.url("decide"), {"do": act, **fields}, follow=True)
        assert response.status_code == 200
        return words_of(response)

    def write(self, **fields: Any) -> Any:
        self.item.refresh_from_db()
        data = {"revision": self.item.revision, "source": "", "licence": "", **fields}
        return self.client.post(self.url("write"), data, follow=True)

    def undo(self) -> str:
        return words_of(self.client.post(self.url("undo"), follow=True))

    def titles(self, show: str = "all") -> list[str]:
        """What the preview lists, in order, by its first lines."""
        response = self.client.get(f"{self.url()}?show={show}")
        return [row.title for row in response.context["page"]]


def words_of(response: Any) -> str:
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return html.unescape(" ".join(text.split()))
