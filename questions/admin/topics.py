"""What everything else is about."""

from django.contrib import admin

from questions.admin.simultaneous import Held, SeenForm
from questions.models import Topic


class SeenTopicForm(SeenForm):
    class Meta:
        model = Topic
        fields = ("title", "slug")


@admin.register(Topic)
class TopicAdmin(Held[Topic]):
    form = SeenTopicForm
    fields = SeenTopicForm.Meta.fields
    list_display = ["title", "slug"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ("title",)}
