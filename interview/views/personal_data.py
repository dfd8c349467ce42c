"""Everybody's export of what is stored about them."""

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.personal_data import account_of
from accounts.requests import SignedInRequest
from interview.personal_data import export_of


@require_safe
@never_cache
def profile_export(request: SignedInRequest) -> HttpResponse:
    """Everything stored about the person, as a JSON file."""
    now = timezone.now()
    data = {"exported_at": now, **account_of(request.user), **export_of(request.user)}
    response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="dry-run-{now:%Y-%m-%d}.json"'
    return response
