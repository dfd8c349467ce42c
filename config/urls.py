"""Every URL: the apps' own, and what needs two of them."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from config.health import health
from config.styleguide import styleguide
from interview.views.guard import hide_what_is_asked, lead_to_room
from questions.views.search import search_library
from questions.views.sets import question

admin.site.site_header = admin.site.site_title = _("Dry Run administration")
# One log-in for all, with its rate limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# And one log-out, which warns of text that only the browser has.
admin.site.logout = lambda request, extra_context=None: redirect("account_logout")  # type: ignore[method-assign, assignment, return-value]

urlpatterns = [
    path("", include("interview.urls")),
    path("health/", health, name="health"),
    path("", include("questions.urls")),
    # Pages of the library, closed to those who are being asked.
    path("sets/<slug:set_slug>/<slug:slug>/", lead_to_room(question), name="question"),
    path("search/", hide_what_is_asked(search_library), name="search"),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "config.error_pages.bad_request"
# allauth asks for it by this name.
handler429 = "config.error_pages.too_many_tries"

if settings.DEBUG:
    urlpatterns += [path("styleguide/", styleguide, name="styleguide")]
