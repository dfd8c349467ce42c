"""The library. Each module imports only those named before it.

`holding`: in which order rows are locked. `published`: what has a status, and who may see it.
`reading`: failure stories and notes. `key_points`: what a good answer must say. `versions`: what a
question said at one time; these never change. `sets`: question sets and their questions, the live
content. `topics`: what all of these are about. `loaded`: what the files said, and their pictures.
`imports`: files on their way here.

What was asked or marked is retired, not deleted.
"""

from questions.models.holding import hold
from questions.models.imports import Import
from questions.models.key_points import KeyPoint
from questions.models.loaded import LoadedDocument, Picture
from questions.models.published import (
    LibraryQuerySet,
    Neighbour,
    Neighbours,
    Published,
    Status,
    forbids_adaptation,
    is_editor,
    validate_sources,
)
from questions.models.reading import Note, Reading, Story
from questions.models.sets import (
    SHUFFLED,
    PoolSize,
    Question,
    QuestionQuerySet,
    QuestionSet,
    QuestionSetQuerySet,
)
from questions.models.topics import Topic, TopicQuerySet
from questions.models.versions import QuestionVersion, VersionKeyPoint

__all__ = [
    "SHUFFLED",
    "Import",
    "KeyPoint",
    "LibraryQuerySet",
    "LoadedDocument",
    "Neighbour",
    "Neighbours",
    "Note",
    "Picture",
    "PoolSize",
    "Published",
    "Question",
    "QuestionQuerySet",
    "QuestionSet",
    "QuestionSetQuerySet",
    "QuestionVersion",
    "Reading",
    "Status",
    "Story",
    "Topic",
    "TopicQuerySet",
    "VersionKeyPoint",
    "forbids_adaptation",
    "hold",
    "is_editor",
    "validate_sources",
]
