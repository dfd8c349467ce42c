"""What people manage about themselves; logging in and passwords are allauth's."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
