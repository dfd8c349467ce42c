"""Which numbers at the begin of lines count questions, and where a new set begins.

Numbers in real files are missing, doubled and restarted, and answers hold numbered steps. Rules:

1. The next number goes on; so does a larger one, and one that is there already. Both are named.
2. A restart at 1 is a new set, unless it counts steps of an answer: the number before it is gone
   on with later, or the others ask and these do not.
3. If the next number is 2, this item is number 1 of a new set, whatever it prints.
4. A list that prints 1 everywhere is one list.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext

from questions.importing.marks import Mark
from questions.importing.words import asks


@dataclass
class Numbering:
    """`questions` in their order; `problems` are lines (indexes) and messages."""

    questions: list[Mark] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def resolve(marks: list[Mark], *, may_nest: bool = True) -> Numbering:
    """Sort out the numbered marks of one section, which are in the order of their lines.

    `may_nest` is for plain numbers: those of headings and of `Q3` count no steps.
    """
    result = Numbering()
    asked = [asks(mark.text) for mark in marks]
    mostly = sum(asked) >= 0.6 * len(marks) or _first_run_asks(marks, asked)
    index, last = 0, 0
    lazy = False
    while index < len(marks):
        mark = marks[index]
        number = mark.number
        following = marks[index + 1].number if index + 1 < len(marks) else None
        if number == 1 and last and may_nest:
            lazy = lazy or (last == 1 and following in {1, None} and not result.problems)
            steps = 0 if lazy else _steps(marks, asked, index, last, mostly)
            if steps:
                index += steps
                continue
        if _begins_set(number, following, last, lazy):
            mark.starts_set = True
            last = 1 if number is None or following == 2 else number
        else:
            _name_gap(result, mark, last)
            last = last + 1 if number is None else number
        result.questions.append(mark)
        index += 1
    return result


def _first_run_asks(marks: list[Mark], asked: list[bool]) -> bool:
    """Whether the items outside of runs that begin at 1 in the middle ask."""
    return bool(marks) and asked[0] and sum(asked) >= 0.3 * len(marks)


def _begins_set(number: int | None, following: int | None, last: int, lazy: bool) -> bool:
    if lazy:
        return not last
    if number == 1:
        return last != 1 or following != 2 or not last
    return not last or (following == 2 and number != 2)


def _name_gap(result: Numbering, mark: Mark, last: int) -> None:
    number = mark.number
    if number is None:
        message = gettext("an item without a number, read as a question")
        result.problems.append((mark.line, message))
    elif number == last and number != 1:
        message = gettext("the number %(number)d stands here twice")
        result.problems.append((mark.line, message % {"number": number}))
    elif (number > last + 1 and last) or 1 < number < last:
        message = gettext("the number %(number)d follows %(last)d")
        result.problems.append((mark.line, message % {"number": number, "last": last}))


def _steps(marks: list[Mark], asked: list[bool], index: int, last: int, mostly: bool) -> int:
    """How many marks from `index` on are steps in the answer of the question before."""
    run = 1
    while index + run < len(marks) and marks[index + run].number == run + 1:
        run += 1
    # Where the question before is gone on with, behind the run or within it.
    for length in range(1, run + 1):
        at = index + length
        if at < len(marks) and marks[at].number == last + 1:
            inside = asked[index:at]
            if sum(inside) < 0.5 * len(inside) and (asked[at] or not mostly):
                return length
    if mostly and not any(asked[index : index + run]):
        return run
    return 0


def is_run(marks: list[Mark]) -> bool:
    """Whether most of the numbers go on by one."""
    numbers = [mark.number for mark in marks if mark.number is not None]
    if len(numbers) < 2:
        return False
    steps = sum(after == before + 1 for before, after in pairwise(numbers))
    return steps >= 0.6 * (len(numbers) - 1)
