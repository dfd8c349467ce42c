"""A set whose id changed in its file: people's history hangs on the old one."""

from collections import Counter
from collections.abc import Iterable

from questions.library.bundle import LibraryBundle
from questions.library.documents import InvalidLibrary, SetDocument
from questions.models import Question

SHARE = 0.5


def refuse_renamed(bundle: LibraryBundle, loaded: Iterable[str]) -> None:
    """`loaded` are the keys of `LoadedDocument`. Costs a query when a set is new and one missing.

    Raises:
        InvalidLibrary: for a set that is new but has the questions of one that was loaded before,
            and that the bundle has no more.
    """
    known = {key.removeprefix("set/") for key in loaded if key.startswith("set/")}
    new = [document for document in bundle.sets if document.id not in known]
    missing = known - {document.id for document in bundle.sets}
    if not new or not missing:
        return
    rows = Question.objects.filter(
        question_set__slug__in=missing, slug__in={one.id for doc in new for one in doc.questions}
    )
    holders: dict[tuple[str, str], set[str]] = {}
    for slug, prompt, question_set in rows.values_list("slug", "prompt", "question_set__slug"):
        holders.setdefault((slug, prompt), set()).add(question_set)
    errors = [
        document.error("id", f"this is the set “{old}”: its id must stay, people's history uses it")
        for document in new
        if (old := _old_id(document, holders))
    ]
    if errors:
        raise InvalidLibrary(errors)


def _old_id(document: SetDocument, holders: dict[tuple[str, str], set[str]]) -> str:
    found = Counter(
        old
        for question in document.questions
        for old in holders.get((question.id, question.prompt), ())
    )
    for old, count in found.most_common(1):
        if count >= SHARE * len(document.questions):
            return old
    return ""
