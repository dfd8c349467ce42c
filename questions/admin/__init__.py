"""The library in Django admin: a module for each model, and for each thing that editors do.

`published`: what has a status. `rows`: the parts of an item on its page. `filters`: what is looked
for. `simultaneous`: two editors at once. `preview`: what is typed, as candidates will see it.
`exporting`: a selection as CSV or JSON. `importing`: files that editors bring. `licences`: what is
published despite its licence. `sets`, `questions`, `versions`, `reading` (stories and
notes), `topics`: the models.

Nothing here deletes sets, questions, key points, stories or notes: they are retired.
"""

from questions.admin.importing import ImportAdmin
from questions.admin.questions import QuestionAdmin
from questions.admin.reading import NoteAdmin, StoryAdmin
from questions.admin.sets import QuestionSetAdmin
from questions.admin.topics import TopicAdmin
from questions.admin.versions import QuestionVersionAdmin

__all__ = [
    "ImportAdmin",
    "NoteAdmin",
    "QuestionAdmin",
    "QuestionSetAdmin",
    "QuestionVersionAdmin",
    "StoryAdmin",
    "TopicAdmin",
]
