"""Shapes met in public files, imitated: one cause a test."""

import pytest

from questions.importing.words import asks, has_mark
from questions.library.documents import InvalidLibrary
from tests.questions.importing.reading_files import (
    answers,
    messages,
    pairs,
    prompts,
    read,
    sizes,
)


def test_a_number_alone_in_its_line_counts_the_next_one() -> None:
    text = "".join(
        f"{n}.\nWhat is thing {n}?\n\nHide Answer\nIt is {n}.\n\nReally.\n" for n in (1, 2, 3)
    )
    assert pairs(read(text)) == [
        (f"What is thing {n}?", f"It is {n}.\n\nReally.") for n in (1, 2, 3)
    ]


def test_a_bold_question_in_a_bullet_and_where_to_read_on() -> None:
    text = "# Interview questions\n\n### Base\n\n" + "".join(
        f"* **What is thing {n}?** - [Read on](https://example.com/{n})\n\n" for n in (1, 2, 3)
    )
    assert pairs(read(text)) == [
        (f"What is thing {n}?", f"[Read on](https://example.com/{n})") for n in (1, 2, 3)
    ]


def test_bullets_that_are_links_to_their_answers() -> None:
    text = "# List\n\n### vue\n" + "".join(
        f"- [vue中怎么做{n}？](https://example.com/{n})\n" for n in range(5)
    )
    assert sizes(read(text)) == [5]


def test_links_to_elsewhere_are_no_questions() -> None:
    text = "# Interview questions\n\n## Taking part\n\n  1. [How to help](https://example.com/a)\n  2. [Licence](https://example.com/b)\n"
    assert prompts(read(text)) == []


@pytest.mark.parametrize(
    ("title", "questions"),
    [
        ("Ερωτήσεις", ["Τι είναι το pod;", "Πώς λειτουργεί;", "Μιλήστε για το SSE;"]),
        ("نقش", ["برنامه زمانی چگونه است؟", "ساعت کاری چقدر است؟", "آیا هدفی وجود دارد؟"]),
        ("أسئلة", ["ما هو المتصفح؟", "كيف يعمل؟", "اشرح الفرق"]),
        ("प्रश्न", ["पॉड क्या है?", "यह कैसे काम करता है?", "वर्णन करें"]),
    ],
)
def test_bullets_below_headings_in_other_scripts(title: str, questions: list[str]) -> None:
    section = "".join(f"- {question}\n" for question in questions)
    text = "# 1\n\n" + "".join(f"## {title} {n}\n\n{section}\n" for n in range(5))
    reading = read(text)
    assert sizes(reading) == [3] * 5
    assert prompts(reading)[:3] == questions


def test_a_heading_that_speaks_of_questions_stands_above_them() -> None:
    section = "* Describe the box model\n* Flexbox\n* Selectors in detail\n"
    text = "# Front end interview\n\n" + "".join(
        f"### {name} questions:\n\n{section}\n" for name in ("CSS", "HTML", "JS", "Fun", "Code")
    )
    assert sizes(read(text)) == [3] * 5


def test_items_of_html_in_markdown() -> None:
    text = '# Q\n\n<div dir="rtl">\n<h3>أسئلة HTML:</h3>\n<ul>\n<li>ما هو pod؟</li>\n<li>كيف يعمل؟</li>\n</ul>\n</div>\n\n```js\n1\n```\n'
    assert prompts(read(text)) == ["ما هو pod؟", "كيف يعمل؟"]


def test_a_page_of_html_in_a_markdown_file() -> None:
    text = "<h1>Questions</h1>\n" + "".join(
        f"<h3>What is thing {n}?</h3>\n<p>It is <b>{n}</b>.</p>\n" for n in range(5)
    )
    assert pairs(read(text))[1] == ("What is thing 1?", "It is **1**.")


def test_a_fence_that_nobody_closed_ends_before_the_next_question() -> None:
    text = "1. ### What is a?\n\n    ```js\n    a()\n\n2. ### What is b?\n\n    ```js\n    b()\n    ```\n\n3. ### What is c?\n\n    c\n"
    reading = read(text)
    assert prompts(reading) == ["What is a?", "What is b?", "What is c?"]
    assert "this code block has no closing fence" in messages(reading)


def test_a_fence_too_many_hides_no_question() -> None:
    text = "1. ### What is a?\n\n   ```js\n   a()\n   ```\n   So.\n   ```\n\n2. ### What is b?\n\n   ```js\n   b()\n   ```\n"
    assert prompts(read(text)) == ["What is a?", "What is b?"]


def test_code_about_markdown_stays_code() -> None:
    code = "````md\n```js\na()\n```\n\n## 2. What is this?\n\n```js\nb()\n```\n````"
    assert answers(read(f"## What is a?\n\n{code}\n\n## What is b?\n\nb\n"))[0] == code


def test_two_kinds_of_headings_that_ask_one_after_the_other() -> None:
    numbered = "".join(f"{n}. ### What is {n}?\n\n   It is.\n\n" for n in (1, 2, 3))
    coding = "".join(
        f"#### {n}. What is the output of {n}\n\n- 1: a\n- 2: b\n\n<details><summary><b>Answer</b></summary>\n\n##### Answer: 1\n\n</details>\n\n"
        for n in (1, 2, 3)
    )
    reading = read(f"{numbered}### Coding Exercise\n\n{coding}")
    assert len(prompts(reading)) == 6
    assert reading.sets[-1].title == "Coding Exercise"


def test_a_comparison_is_a_question() -> None:
    text = "## Java\n\n* **List vs Set** - [Read](https://example.com/a)\n* **Stack vs Queue** - [Read](https://example.com/b)\n* **What is a map?**\n"
    assert len(prompts(read(text))) == 3


def test_a_label_with_a_remark() -> None:
    text = "Question : What is a?\n\nQuestion(Done) : Invert a map\n\nQuestion (easy): Why?\n"
    assert prompts(read(text)) == ["What is a?", "Invert a map", "Why?"]


def test_cards_of_a_deck_need_no_question_marks() -> None:
    text = "Encapsulation; data and what works on it; oop\n\nThe `this` keyword; the caller; js\n\nInheritance; children get it; oop\n"
    assert pairs(read(text, "anki.txt"))[0] == ("Encapsulation", "data and what works on it\n\noop")
    assert prompts(read(text, "notes.txt")) == []


def test_numbers_with_blocks_at_the_margin_are_questions_of_a_file_about_them() -> None:
    text = "# Technical interview questions\n\n## SQL\n\n" + "".join(
        f"**{n})** The number of ads {n}.\n\n```sql\nSELECT {n};\n```\n\n" for n in (1, 2, 3)
    )
    assert pairs(read(text))[0] == ("The number of ads 1.", "```sql\nSELECT 1;\n```")
    steps = "".join(f"{n}. Step {n}.\n\n   ```sh\n   run {n}\n   ```\n\n" for n in (1, 2, 3))
    assert prompts(read(f"# Interview questions\n\n## Setting up\n\n{steps}")) == []


def test_what_stands_below_a_numbered_challenge_is_the_task() -> None:
    text = "# Challenges\n\n" + "".join(
        f"## {n}. Cluster {n}\n\nMake a cluster.\n\n- With {n} nodes.\n\n" for n in (1, 2, 3)
    )
    assert pairs(read(text))[0] == ("Cluster 1\n\nMake a cluster.\n\n- With 1 nodes.", "")


def test_a_table_of_contents_with_brackets_in_its_anchors() -> None:
    names = [f"What is the use of call({n})?" for n in range(4)]
    contents = "".join(f"+ [{name}](#{name.replace(' ', '-')})\n" for name in names)
    body = "".join(f"## {name}\n\nIt calls.\n\n" for name in names)
    assert prompts(read(f"# Q\n\n{contents}\n{body}")) == names


def test_notes_on_several_outages_are_stories() -> None:
    text = "# Post mortems\n\nQuick notes.\n\n## Draining\n\nPods stayed. https://example.com/a\n\n## DNS\n\nIt was.\n"
    reading = read(text)
    assert [(story.title, story.url) for story in reading.stories] == [
        ("Draining", "https://example.com/a"),
        ("DNS", ""),
    ]
    one = "# Post mortems\n\n## Summary\n\nDown.\n\n## Root cause\n\nDNS.\n"
    assert len(read(one).stories) == 1


def test_an_object_with_cards_is_no_card() -> None:
    text = '[{"title": "Lists vs sets", "body": "x", "cards": [\n{"front": "What is a list?", "back": "ordered"},\n{"front": "What is a set?", "back": "not"}]}]\n'
    assert prompts(read(text, "x.json")) == ["What is a list?", "What is a set?"]


def test_a_list_of_links_within_a_question_is_part_of_it() -> None:
    text = "# Q\n\n- What is a?\n  - [Why is a?](#a)\n  - [How is a?](#b)\n  - [When is a?](#c)\n- What is b?\n\n## What is c?\n\nc\n\n## What is d?\n\nd\n"
    assert prompts(read(text))[-2:] == ["What is c?", "What is d?"]


def test_options_are_no_questions_whatever_the_question_is_called() -> None:
    text = '{"topics": [{"name": "Lambda", "list": [\n{"stem": "What limits it?", "options": [{"label": "A", "text": "a"}, {"label": "B", "text": "b"}], "correct_options": ["B"], "answer_explanation": "So."}\n]}]}\n'
    assert pairs(read(text, "x.json")) == [("What limits it?\n\n- A) a\n- B) b", "B) b\n\nSo.")]


@pytest.mark.parametrize(
    ("first", "second", "prompt"),
    [
        ("turn left", "tournez à gauche", "turn left"),
        ("it turns", "What does it do?", "What does it do?"),
    ],
)
def test_objects_whose_keys_nobody_knows(first: str, second: str, prompt: str) -> None:
    text = "[" + ",\n".join(f'{{"en": "{first}", "fr": "{second}"}}' for _ in range(3)) + "]"
    reading = read(text, "x.json")
    assert prompts(reading) == [prompt] * 3
    assert "keys that nobody knows" in messages(reading)[0]
    assert prompts(read('[{"en": "a", "fr": "b"}]', "x.json")) == []


@pytest.mark.parametrize("number", ["\u0660", "01", "9" * 5_000, "-"])
def test_what_is_no_number_in_json(number: str) -> None:
    with pytest.raises(InvalidLibrary) as refused:
        read(f'[\n{{"question": "What?", "answer": {number}}}]', "x.json")
    assert refused.value.errors[0].line == 2


def test_a_tsv_file_without_tabs() -> None:
    text = "arm the track;ctrl+A\nkill the track;ctrl+K\nsolo;ctrl+S\n"
    assert pairs(read(text, "x.tsv"))[0] == ("arm the track", "ctrl+A")
    assert pairs(read(text.replace(";", "\t"), "x.tsv"))[0] == ("arm the track", "ctrl+A")


def test_a_summary_that_lost_its_details_is_named() -> None:
    fold = "<details>\n<summary>What is {}?</summary>\n\nIt is.\n</details>\n\n"
    text = f"{fold.format('a')}<summary>Which commands?</summary>\n\n{fold.format('b')}"
    reading = read(text)
    assert prompts(reading) == ["What is a?", "What is b?"]
    assert "text between two <details>: it is left out" in messages(reading)


def test_headings_over_lists_of_questions_are_titles() -> None:
    section = (
        "- **Question**: What is part {0} of a kiln?\n    - **Answer**: [Parts](https://example.com/{0})\n"
        "- **Question**: Glaze and slip\n    - **Answer**: [Clay](https://example.com/c{0})\n\n"
    )
    text = "# Pottery interview questions\n\n" + "".join(
        f"### Chapter on topic {n}\n\nRead this:\n\n{section.format(n)}" for n in range(6)
    )
    reading = read(text)
    assert sizes(reading) == [2] * 6
    assert pairs(reading)[:2] == [
        ("What is part 0 of a kiln?", "[Parts](https://example.com/0)"),
        ("Glaze and slip", "[Clay](https://example.com/c0)"),
    ]


def test_a_bold_topic_in_a_bullet_with_where_to_read_on() -> None:
    text = "# Interview questions\n\n### Base\n\n" + "".join(
        f"* **What is thing {n}?** - [Read on](https://example.com/{n})\n\n" for n in (1, 2, 3)
    )
    text += "* **Thing 4.** - [Read on](https://example.com/4)\n\n* **Thing 5** Learn: [It](https://example.com/5)\n"
    assert pairs(read(text))[3:] == [
        ("Thing 4.", "[Read on](https://example.com/4)"),
        ("Thing 5", "Learn: [It](https://example.com/5)"),
    ]


def test_headings_that_name_the_question_and_its_answer() -> None:
    text = "# Kiln interview questions\n\n" + "".join(
        f"## Question {n}: The kiln that went cold\n\n### Scenario\nAt night it fell by {n} degrees.\n\n"
        "### Interview Question\nWhat do you look at?\n\n### Strong Senior Answer\nThe gas.\n\n"
        "### Common Weak Answer\nThe weather.\n\n"
        for n in (1, 2, 3)
    )
    reading = read(text)
    assert prompts(reading)[0] == (
        "The kiln that went cold\n\n### Scenario\nAt night it fell by 1 degrees.\n\n"
        "### Interview Question\nWhat do you look at?"
    )
    assert answers(reading)[0] == "The gas.\n\n### Common Weak Answer\nThe weather."


def test_a_heading_with_answer_in_it_cuts_nothing_where_none_names_the_question() -> None:
    text = "# Kiln questions\n\n" + "".join(
        f"## {n}. What is a kiln?\n\nAn oven {n}.\n\n### Long answer\n\nFor clay.\n\n"
        for n in (1, 2)
    )
    reading = read(text)
    assert prompts(reading) == ["What is a kiln?", "What is a kiln?"]
    assert answers(reading)[0] == "An oven 1.\n\n### Long answer\n\nFor clay."


def test_a_label_in_a_summary_is_none_of_its_words() -> None:
    text = "".join(
        f"<details>\n<summary>Q: What is thing {n}?</summary>\n\nIt is {n}.\n</details>\n"
        for n in (1, 2)
    )
    assert prompts(read(text)) == ["What is thing 1?", "What is thing 2?"]


@pytest.mark.parametrize("text", ["? Be ready", "?? Tips and tricks", "\ufffd Be brief"])
def test_a_picture_that_was_lost_is_no_question_mark(text: str) -> None:
    assert not asks(text)
    assert not has_mark(text)
    assert has_mark(f"{text}?")


def test_what_only_ends_in_a_mark_asks_still() -> None:
    assert asks("Sagas?")
    assert has_mark("C# ? Or not")
