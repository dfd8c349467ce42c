"""The next best thing for a candidate to do: one, with its reason. Asked by home and progress.

In this order: go on with what runs, mark what has ended, read what is new, practise the weakest
topic that had no turn lately, mark what waits too long for a review, ask for one, and else sit
something short.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from interview.mastery import Mastery, masteries_of
from interview.mixing import NOT_AGAIN_WITHIN
from interview.models import Interview

MOST_LOOKED_AT = 20
"""What lies further back than so many interviews is left to the list of them."""
GOOD_ENOUGH = 80
"""A topic with this score needs no practice before others."""
WORTH_ASKING = timedelta(days=30)
"""After its end one does not remember an interview well enough to use a review."""


class Kind(StrEnum):
    CONTINUE = "continue"
    SCORE = "score"
    READ = "read"
    FIRST = "first"
    PRACTISE = "practise"
    MARK_AGAIN = "mark-again"
    ASK = "ask"
    MIX = "mix"


@dataclass(frozen=True)
class NextStep:
    kind: Kind
    title: str
    reason: str
    action: str
    """What the link says."""
    url: str


def next_step_of(candidate: User, masteries: Sequence[Mastery] | None = None) -> NextStep:
    """What one would do now. One query; three more where `masteries` matter and are not given."""
    recent = list(Interview.objects.of(candidate).for_next_step()[:MOST_LOOKED_AT])
    if not recent:
        return NextStep(
            Kind.FIRST,
            _("Sit your first mock interview"),
            _("A few mixed questions show where you stand."),
            _("Start a mock interview"),
            reverse("quick-start"),
        )
    step = to_finish(recent)
    if step is None:
        found = masteries_of(candidate) if masteries is None else masteries
        step = to_practise(found, recent) or to_have_marked(recent)
    return step or NextStep(
        Kind.MIX,
        _("Sit a few mixed questions"),
        _("Nothing waits for you. A short interview keeps fresh what you know."),
        _("Start a mock interview"),
        reverse("quick-start"),
    )


def to_finish(recent: Sequence[Interview]) -> NextStep | None:
    """What was begun and not brought to its end: a sitting, its marking, its feedback."""
    for sitting in recent:
        if not sitting.is_over:
            return about(
                sitting,
                Kind.CONTINUE,
                title=_("Go on with %(title)s"),
                reason=time_left(sitting),
                action=_("Continue your interview"),
                to="interview",
            )
    for sitting in recent:
        if sitting.revealed_at is None:
            return about(
                sitting,
                Kind.SCORE,
                title=_("Score yourself on %(title)s"),
                reason=_(
                    "Its model answers are shown once you have marked yourself, or skipped it."
                ),
                action=_("Score yourself"),
                to="self-score",
            )
    for sitting in recent:
        if sitting.has_news:
            return about(
                sitting,
                Kind.READ,
                title=_("Read what a reviewer says of %(title)s"),
                reason=_("It is new, and you remember best now what you meant."),
                action=_("Read the feedback"),
                to="feedback",
            )
    return None


def to_practise(masteries: Sequence[Mastery], recent: Sequence[Interview]) -> NextStep | None:
    """The weakest topic that had no turn within the time in which nothing is asked again."""
    for one in masteries:
        lately = recent[0].now - one.newest_at < NOT_AGAIN_WITHIN
        if one.place < GOOD_ENOUGH and not lately and one.can_be_practised:
            reason = ngettext(
                "You have most to gain there: %(score)d of 100 over the last key point, "
                "which is from %(day)s.",
                "You have most to gain there: %(score)d of 100 over the last %(count)d key points, "
                "the newest from %(day)s.",
                len(one.points),
            )
            day = formats.date_format(timezone.localtime(one.newest_at), "DATE_FORMAT")
            return NextStep(
                Kind.PRACTISE,
                _("Practise %(topic)s") % {"topic": one.topic.title},
                reason % {"score": one.place, "count": len(one.points), "day": day},
                _("Practise this topic"),
                f"{reverse('interview-new-mixed')}?{urlencode({'topics': one.topic.slug})}",
            )
    return None


def to_have_marked(recent: Sequence[Interview]) -> NextStep | None:
    """What waits too long for a review, or what nobody was asked to review."""
    unreviewed = [
        sitting for sitting in recent if sitting.reviewer_score is None and sitting.has_text
    ]
    for sitting in unreviewed:
        if sitting.waits_too_long and sitting.guided_score is None:
            return about(
                sitting,
                Kind.MARK_AGAIN,
                title=_("Mark %(title)s beside the model answers"),
                reason=_("It has waited %(wait)s for a review. Your own marks need not wait.")
                % {"wait": sitting.has_waited},
                action=_("Mark it yourself"),
                to="guided-self-score",
            )
    for sitting in unreviewed:
        if not sitting.review_asked and sitting.now - sitting.started_at < WORTH_ASKING:
            return about(
                sitting,
                Kind.ASK,
                title=_("Ask for a review of %(title)s"),
                reason=_("Only you have seen it yet. A reviewer notices what you can’t."),
                action=_("Ask for a review"),
                to="feedback",
            )
    return None


def time_left(sitting: Interview) -> str:
    minutes = sitting.minutes_left
    if minutes is None:
        return _("It has no time limit, and your text is where you left it.")
    if minutes == 0:
        return _("Less than a minute is left.")
    return ngettext("%(minutes)d minute is left.", "%(minutes)d minutes are left.", minutes) % {
        "minutes": minutes
    }


def about(
    sitting: Interview, kind: Kind, *, title: str, reason: str, action: str, to: str
) -> NextStep:
    """A step to the page `to` of an interview, which the title names."""
    url = reverse(to, args=[sitting.pk])
    return NextStep(kind, title % {"title": sitting.title}, reason, action, url)
