"""What a grading page shows of one answer, as its template reads it.

What is said of each key point, and of each answer, is put together here: a template takes several
times longer for it, and a page has dozens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from interview import quotes
from interview.forms.grading import MARK, AnswerForm, SummaryForm
from interview.levels import SCALES
from interview.mark_buttons import radios
from interview.models import GradedAnswer, Mark, Review
from questions.models import VersionKeyPoint
from questions.templatetags.markdown import markdown_line


@dataclass(frozen=True)
class PointToMark:
    number: int
    """From 1: its key on the keyboard, and what the words it rests on are marked with."""
    point: VersionKeyPoint
    field: str
    """The name of its mark's radio buttons."""
    radios: SafeString
    errors: Sequence[str]
    quote: str
    """The words that its mark rests on; empty without any."""
    own: Mark.Value | None
    """The candidate's, once the reviewer has marked the whole answer."""
    weight_told: str
    cite_told: str

    @property
    def text(self) -> SafeString:
        """As HTML."""
        return markdown_line(self.point.text)

    @property
    def is_said(self) -> bool:
        """Whether there is more to tell of it than its mark."""
        return bool(self.quote or self.own)

    @property
    def short(self) -> str:
        return shortened(self.point.text, 80)


def points_of(
    graded: GradedAnswer, form: AnswerForm | None, own: Mapping[str, Mark.Value]
) -> list[PointToMark]:
    """The key points in their order, with what was sent if something was. No query."""
    quoted = graded.quoted_words
    weight, cite = gettext("counts %(weight)s×"), gettext("Key point %(number)s: %(text)s")
    rows = []
    for number, (point, mark) in enumerate(graded.points, 1):
        name, value, errors = MARK + point.key, mark.value if mark else "", []
        if form is not None:
            value, errors = form[name].value(), [str(error) for error in form[name].errors]
        quote, own_mark = quoted.get(point.key, ""), own.get(point.key)
        rows.append(
            PointToMark(
                number=number,
                point=point,
                field=name,
                radios=radios(name, value),
                errors=errors,
                quote=quote,
                own=own_mark,
                weight_told=weight % {"weight": point.weight},
                cite_told=cite % {"number": number, "text": point.text},
            )
        )
    return rows


@dataclass(frozen=True)
class QuestionOnMap:
    number: int
    is_here: bool
    is_marked: bool
    told: str
    """How much of it is marked, to who does not see the map."""


def map_of(answers: Iterable[GradedAnswer], here: int) -> list[QuestionOnMap]:
    all_marked, missing = gettext("all marked"), gettext("marks missing: %(count)s")
    rows = []
    for graded in answers:
        number, count = graded.answer.position, len(graded.unmarked)
        told = missing % {"count": count} if count else all_marked
        rows.append(QuestionOnMap(number, number == here, not count, told))
    return rows


@dataclass(frozen=True)
class ScaleToChoose:
    field: str
    name: str
    stored: str
    """The level that the page was made with, which its form sends back."""
    radios: SafeString
    errors: Sequence[str]


def scales_of(review: Review, form: AnswerForm | SummaryForm | None) -> list[ScaleToChoose]:
    """The three, with what was sent if something was."""
    language = get_language()
    rows = []
    for scale in SCALES:
        stored = chosen = getattr(review, scale.field)
        errors: list[str] = []
        if form is not None and form.is_bound:
            field = form[scale.field]
            chosen, errors = field.value(), [str(error) for error in field.errors]
        # What was sent may be anything.
        level = str(chosen) if str(chosen) in LEVELS else ""
        radios = level_radios(scale.field, level, language)
        was = "" if stored is None else str(stored)
        rows.append(ScaleToChoose(scale.field, str(scale.name), was, radios, errors))
    return rows


LEVELS = {str(level) for level in Review.Level.values}
LEVEL = (
    '<label><input type="radio" data-key="{0}" name="{1}" value="{0}"{2}>'
    '<span class="levels__name">{0} {3}</span><span class="levels__anchor">{4}</span></label>'
)


@lru_cache(maxsize=200)
def level_radios(field: str, chosen: str, language: str | None) -> SafeString:
    """Kept: of each scale there are five, in each language, which is the one that is spoken."""
    [scale] = [scale for scale in SCALES if scale.field == field]
    rows = (
        (
            level.value,
            field,
            SafeString(" checked" if chosen == str(level.value) else ""),
            level.label,
            anchor,
        )
        for level, anchor in scale.levels()
    )
    return format_html_join("\n", LEVEL, rows)


def chosen_levels(review: Review) -> SafeString:
    """What is chosen on each scale so far, in short."""
    return levels_told(tuple(getattr(review, scale.field) for scale in SCALES), get_language())


@lru_cache(maxsize=250)  # Of 125 in two languages.
def levels_told(levels: tuple[int | None, ...], language: str | None) -> SafeString:
    """Kept, as `level_radios()`."""
    none = format_html(
        '<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>',
        gettext("not chosen"),
    )
    rows = (
        (scale.name, none if level is None else level)
        for scale, level in zip(SCALES, levels, strict=True)
    )
    return format_html_join(" · ", "{} {}", rows)


def title_of(review: Review, graded: GradedAnswer) -> str:
    assert review.assignment is not None
    name, number = review.assignment.pseudonym, graded.answer.position
    return gettext("%(name)s, question %(number)s") % {"name": name, "number": number}


def place_of(review: Review, graded: GradedAnswer, count: int) -> str:
    """Which question it is, and of what."""
    number, title = graded.answer.position, review.interview.title
    told = gettext("Question %(number)s of %(count)s · %(title)s")
    return told % {"number": number, "count": count, "title": title}


def words_of(graded: GradedAnswer) -> str:
    words = graded.answer.words
    return ngettext("%(words)s word", "%(words)s words", words) % {"words": words}


def progress_of(marked: int, count: int, score: Decimal | None, *, published: bool) -> str:
    """How many key points are marked, and what they come to."""
    told = gettext("%(marked_count)s of %(point_count)s marked")
    told %= {"marked_count": marked, "point_count": count}
    if score is None:
        return told
    so_far = gettext("score %(score)s") if published else gettext("score so far %(score)s")
    whole = score.quantize(Decimal(1), ROUND_HALF_UP)
    return f"{told} · {so_far % {'score': whole}}"


@dataclass(frozen=True)
class SentenceToCite:
    words: str
    """Which they are, as `AnswerForm` reads it."""
    short: str


def sentences_of(graded: GradedAnswer) -> list[SentenceToCite]:
    """What can be cited without a selection, in the order of the page."""
    texts = [graded.answer.text]
    if graded.accepted is not None:
        texts.append(graded.accepted.revision.text)
    return [
        SentenceToCite(f"{key}:{each.start}:{each.end}", shortened(each.text, 90))
        for key, text in zip(map(quotes.key_of, texts), texts, strict=True)
        for each in quotes.sentences(text)
    ]


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
