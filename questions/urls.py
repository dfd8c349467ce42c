"""The library's public pages. A question's and the search are in config/urls.py, behind a guard."""

from django.urls import URLPattern, path

from questions.views import pictures, reading, sets, topics

urlpatterns: list[URLPattern] = [
    path("sets/", sets.set_list, name="set-list"),
    path("sets/<slug:slug>/", sets.question_set, name="set"),
    path("stories/", reading.story_list, name="story-list"),
    path("stories/<slug:slug>/", reading.story, name="story"),
    path("notes/", reading.note_list, name="note-list"),
    path("notes/<slug:slug>/", reading.note, name="note"),
    path("topics/", topics.topic_list, name="topic-list"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("pictures/<path:path>", pictures.picture, name="picture"),
]
