"""An editor who imports."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

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


@pytest.fixture
def read_in_background(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """A real worker on its own connections, until no file is left to read."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(
                queues=["import"], wait=False, install_signal_handlers=False, listen_notify=False
            )

    def run_in_thread() -> None:
        with ThreadPoolExecutor(max_workers=1) as executor:
            executor.submit(run).result()

    return run_in_thread
