"""How long somebody waits who tried something too often: what is counted is allauth's."""

import math
import time

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

# What the form at a URL counts as.
ACTIONS = {
    "account_login": "login",
    "account_signup": "signup",
    "account_email": "manage_email",
    "account_change_password": "change_password",
    "account_set_password": "change_password",
    "account_reset_password": "reset_password",
    "account_reset_password_from_key": "reset_password_from_key",
    "account_reauthenticate": "reauthenticate",
}


def seconds_to_wait(request: HttpRequest) -> int | None:
    """Until the limit that refused this request lets the next one in; None where nobody knows.

    A query for each limit of the form, of which there are one or two.
    """
    match = request.resolver_match
    action = ACTIONS.get(match.url_name or "") if match else None
    if action is None:
        return None
    # What the limits for one address are counted by.
    key = request.POST.get("email", "").strip().lower()
    waits = [1.0]
    now = time.time()
    for rate in ratelimit.parse_rates(app_settings.RATE_LIMITS.get(action)):
        tries = cache.get(
            ratelimit.get_cache_key(
                request, app="allauth.account", action=action, rate=rate, key=key
            ),
            [],
        )
        # The newest is first; when the oldest of a full list is as old as the limit, one more fits.
        if len(tries) >= rate.amount:
            waits.append(tries[rate.amount - 1] + rate.duration - now)
    seconds = math.ceil(max(waits))
    # From two minutes on it is told in whole minutes, which must not be too few.
    return seconds if seconds < 120 else -(-seconds // 60) * 60
