"""Everybody's export of what is stored about them."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.people import signed_in
from accounts.personal_data import account_of
from interview.personal_data import interviews_of, work_of


@require_safe
@never_cache
def profile_export(request: HttpRequest) -> StreamingHttpResponse:
    """Everything stored about the person, as a JSON file. Sent while it is read."""
    now = timezone.now()
    return StreamingHttpResponse(
        export(signed_in(request), now),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="dry-run-{now:%Y-%m-%d}.json"'},
    )


def export(user: User, now: datetime) -> Iterator[str]:
    yield "{\n"
    for name, value in {"exported_at": now, **account_of(user), **work_of(user)}.items():
        yield f"{as_json(name)}: {as_json(value)},\n"
    yield '"interviews": ['
    separator = "\n"
    for interview in interviews_of(user):
        yield separator + as_json(interview)
        separator = ",\n"
    yield "\n]\n}\n"


def as_json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
