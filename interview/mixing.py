"""Mixed interviews: which questions are asked, by chance and by what was asked before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random, SystemRandom
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from interview.models import Answer
from questions.models import PoolSize, Question, QuestionQuerySet, Topic

USUAL_NUMBER = 5
MOST_CHOSEN_AMONG = 500
"""One interview is chosen among no more questions, however large the library is."""
NOT_AGAIN_WITHIN = timedelta(days=7)
MOST_TITLES, LONGEST_TITLES = 3, 100

NEVER = datetime.min.replace(tzinfo=UTC)


class TooFew(Exception):
    """Fewer questions match than shall be asked."""

    def __init__(self, found: int) -> None:
        super().__init__(f"Only {found} questions match.")
        self.found = found


@dataclass(frozen=True)
class Mix:
    """What a mixed interview may ask: without topics any topic, likewise with difficulties."""

    topics: Sequence[Topic] = ()
    difficulties: Sequence[int] = ()
    number: int = USUAL_NUMBER
    not_last_week: bool = True
    """Leave out what the candidate was asked in interviews started in the last seven days."""

    @property
    def title(self) -> str:
        """Such as “Mixed: Networking, Storage”; of bounded length."""
        named: list[str] = []
        for topic in self.topics[:MOST_TITLES]:
            if not named or len(", ".join([*named, topic.title])) <= LONGEST_TITLES:
                named.append(topic.title)
        titles = ", ".join(named)
        more = len(self.topics) - len(named)
        if not titles:
            return _("Mixed questions")
        if not more:
            return _("Mixed: %(titles)s") % {"titles": titles}
        return ngettext(
            "Mixed: %(titles)s and one more", "Mixed: %(titles)s and %(more)d more", more
        ) % {"titles": titles, "more": more}

    def as_choice(self) -> dict[str, Any]:
        """What an interview keeps of it: by it one sets up another like it."""
        return {
            "topics": [topic.slug for topic in self.topics],
            "difficulties": list(self.difficulties),
            "number": self.number,
            "not_last_week": self.not_last_week,
        }

    def matching(self, candidate: User) -> QuestionQuerySet:
        """All that may be asked."""
        found = Question.objects.readable().on_topics(self.topics).of_difficulty(self.difficulties)
        if not self.not_last_week:
            return found
        asked = Answer.objects.of(candidate).asked_within(NOT_AGAIN_WITHIN)
        return found.exclude(pk__in=asked.questions())

    def size(self, candidate: User) -> PoolSize:
        """How many match; of more than `MOST_CHOSEN_AMONG` only that there are more. One query."""
        return self.matching(candidate).pool_size(MOST_CHOSEN_AMONG + 1)

    def within_reach(self, candidate: User) -> "Mix":
        """This one, or where too few match: with last week's, and where these are too few: fewer.

        Two queries at most.
        """
        if self.size(candidate).count >= self.number:
            return self
        return replace(self, not_last_week=False).no_more_than_match(candidate)

    def no_more_than_match(self, candidate: User) -> "Mix":
        """This one with all questions that match, where these are fewer. One query."""
        return replace(self, number=min(self.number, self.size(candidate).count))

    def choose(self, candidate: User, chance: Random | None = None) -> list[Question]:
        """Choose what is asked, the easier first. Three queries at most.

        Questions that the candidate was never asked come first, then those asked longest ago. Of
        these each topic of the mix gets its turn, then each set; the rest is chance. They come
        with what `Interview.objects.start()` needs.

        Raises:
            TooFew: fewer match than `number`, or none.
        """
        chance = chance or SystemRandom()
        matching = self.matching(candidate).with_topics_of(self.topics).for_choice()
        asked = Answer.objects.of(candidate)
        last_asked: dict[int, datetime] = {}
        pool = matching.exclude(pk__in=asked.questions()).sample(MOST_CHOSEN_AMONG, chance)
        if len(pool) < self.number:
            last_asked = asked.last_asked()
            pool += matching.filter(pk__in=list(last_asked))
        if len(pool) < max(self.number, 1):
            raise TooFew(len(pool))
        chosen = in_turn(pool, self.number, last_asked, chance)
        return sorted(chosen, key=lambda question: question.difficulty)


def in_turn(
    pool: Sequence[Question], number: int, last_asked: Mapping[int, datetime], chance: Random
) -> list[Question]:
    """Draw `number` of the pool, each from the topic and the set that were drawn from least."""
    left = list(pool)
    chance.shuffle(left)
    drawn: list[Question] = []
    of_topic: Counter[int] = Counter()
    of_set: Counter[int] = Counter()

    def turn(question: Question) -> tuple[datetime, int, int]:
        times = [of_topic[topic] for topic in topics_of(question)]
        asked = last_asked.get(question.pk, NEVER)
        return asked, min(times, default=0), of_set[question.question_set_id]

    while len(drawn) < number:
        question = min(left, key=turn)
        left.remove(question)
        drawn.append(question)
        of_topic.update(topics_of(question))
        of_set[question.question_set_id] += 1
    return drawn


def topics_of(question: Question) -> set[int]:
    """Those of the mix that the question is on."""
    return {*(question.own_topics or ()), *(question.set_topics or ())}
