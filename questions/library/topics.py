"""topics.yaml: the topics that files may name, each by its slug with its title."""

from collections.abc import Mapping

from questions.library.documents import SLUG, TITLE_LENGTH, TOPIC_LENGTH
from questions.library.front_matter import Problems, read_keys
from questions.library.yaml import scalar


def parse_topics(text: str, problems: Problems) -> dict[str, str]:
    """Titles by slug, in the order of the file."""
    topics: dict[str, str] = {}
    read = read_keys(text, 0, problems)
    if read is not None:
        keys, node = read
        for key, _ in node.entries:
            slug = key.value
            if not SLUG.fullmatch(slug) or len(slug) > TOPIC_LENGTH:
                keys.complain(slug, f"“{slug}” must be letters a to z, digits, - and _")
            topics[slug] = keys.text(slug, TITLE_LENGTH // 2)
    return topics


def text_of_topics(topics: Mapping[str, str]) -> str:
    """The text of the file, always in the same spelling."""
    return "".join(f"{scalar(slug)}: {scalar(title)}\n" for slug, title in topics.items())
