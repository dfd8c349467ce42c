"""An editor who imports."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from questions.models import Import
from tests.questions.importing.admin import Desk


@pytest.fixture
def client(client_of: Callable[[User], Client], editor: User) -> Client:
    """The editor's."""
    return client_of(editor)


@pytest.fixture
def bring(client: Client) -> Callable[..., Desk]:
    """Upload a file, and stand before its preview."""

    def bring(content: str | bytes, name: str = "questions.md", **fields: Any) -> Desk:
        data = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile(name, data)
        response = client.post(
            "/admin/questions/import/add/", {"file": file, "shape": "auto", **fields}
        )
        assert response.status_code == 302, response.context["form"].errors
        return Desk(client, Import.objects.get(pk=response["Location"].split("/")[-3]))

    return bring
