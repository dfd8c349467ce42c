"""Pages of candidates and of reviewers. Ids are opaque: nobody can count or guess them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    # The candidate's.
    # The reviewer's.
]
