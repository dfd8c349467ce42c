"""Saving an answer: one statement, its receipt, and what it refuses (Rules of saving)."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Answer, Interview, Revision
from interview.saving import Conflict, Outcome, Receipt, Save, save_answer
from tests.conftest import move_back

TAB = UUID("01234567-89ab-4def-8123-456789abcdef")


def save(
    interview: Interview,
    text: str,
    *,
    base: int = 0,
    writer: UUID = TAB,
    sequence: int = 1,
    position: int = 1,
    candidate: User | None = None,
) -> Outcome | None:
    return save_answer(
        candidate=candidate or interview.candidate,
        interview=interview.pk,
        position=position,
        save=Save(text=text, base=base, writer=writer, sequence=sequence),
    )


def stored(interview: Interview, position: int = 1) -> Answer:
    return interview.answers.get(position=position)


def history(interview: Interview, position: int = 1) -> list[tuple[int, str, str]]:
    revisions = Revision.objects.filter(answer=stored(interview, position)).order_by("number")
    return list(revisions.values_list("number", "kind", "text"))


def test_a_save_gives_a_receipt_with_time_revision_words_and_seconds_left(
    running_interview: Interview,
) -> None:
    receipt = save(running_interview, "three short words")

    assert isinstance(receipt, Receipt)
    answer = stored(running_interview)
    assert (answer.text, answer.revision, answer.last_revision) == ("three short words", 1, 1)
    assert (answer.writer, answer.sequence, answer.saved_at) == (TAB, 1, receipt.saved_at)
    assert (receipt.revision, receipt.words) == (1, 3)
    assert receipt.seconds_left == pytest.approx(12 * 60, abs=30)


def test_an_untimed_answer_has_no_seconds_left(
    candidate: User, running_interview: Interview
) -> None:
    Interview.objects.update(deadline=None)
    Answer.objects.update(closes_at=None, accepts_until=None)
    receipt = save(running_interview, "text")
    assert isinstance(receipt, Receipt)
    assert receipt.seconds_left is None


def test_the_next_save_of_a_page_goes_on_from_its_receipt(running_interview: Interview) -> None:
    save(running_interview, "one")
    receipt = save(running_interview, "one two", base=1, sequence=2)
    assert isinstance(receipt, Receipt)
    assert receipt.revision == 2
    assert stored(running_interview).text == "one two"


def test_a_page_that_never_got_its_receipt_may_go_on_from_the_old_base(
    running_interview: Interview,
) -> None:
    save(running_interview, "one")
    receipt = save(running_interview, "one two", base=0, sequence=2)
    assert isinstance(receipt, Receipt)
    assert stored(running_interview).text == "one two"


def test_a_repeated_save_returns_the_current_receipt(running_interview: Interview) -> None:
    first = save(running_interview, "one")
    again = save(running_interview, "one")
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (again.revision, again.saved_at) == (first.revision, first.saved_at)
    assert history(running_interview) == [(1, "typing", "one")]


def test_a_save_that_was_overtaken_by_the_next_changes_nothing(
    running_interview: Interview,
) -> None:
    save(running_interview, "one two", sequence=2)
    receipt = save(running_interview, "one", sequence=1)
    assert isinstance(receipt, Receipt)
    assert (receipt.text, receipt.revision) == ("one two", 1)
    assert stored(running_interview).text == "one two"


def test_the_same_text_from_another_tab_is_no_conflict(running_interview: Interview) -> None:
    save(running_interview, "one")
    receipt = save(running_interview, "one", writer=uuid4())
    assert isinstance(receipt, Receipt)
    assert stored(running_interview).last_revision == 1


def test_another_text_under_a_used_sequence_is_never_taken_for_a_repeat(
    running_interview: Interview,
) -> None:
    """A plain form, sent, then changed after going back, and sent again."""
    save(running_interview, "one")
    assert isinstance(save(running_interview, "one, changed after going back"), Conflict)
    assert history(running_interview)[-1] == (2, "conflict", "one, changed after going back")


def test_the_history_keeps_one_revision_of_thirty_seconds_of_typing(
    running_interview: Interview,
) -> None:
    save(running_interview, "one")
    save(running_interview, "one two", base=1, sequence=2)
    assert history(running_interview) == [(1, "typing", "one")]
    move_back(running_interview, "31 seconds")
    save(running_interview, "one two three", base=2, sequence=3)
    assert history(running_interview) == [(1, "typing", "one"), (3, "typing", "one two three")]
    assert stored(running_interview).kept_at == stored(running_interview).saved_at


def test_every_save_within_the_grace_goes_to_the_history(running_interview: Interview) -> None:
    save(running_interview, "one")
    move_back(running_interview, "12 minutes 2 seconds")
    save(running_interview, "one two", base=1, sequence=2)
    save(running_interview, "one two three", base=2, sequence=3)
    assert [number for number, _kind, _text in history(running_interview)] == [1, 2, 3]


def test_within_the_grace_a_save_is_taken_and_no_seconds_are_left(
    running_interview: Interview,
) -> None:
    move_back(running_interview, "12 minutes 5 seconds")
    receipt = save(running_interview, "just in time")
    assert isinstance(receipt, Receipt)
    assert receipt.seconds_left == 0


@pytest.mark.parametrize("position", [0, 4])
def test_an_unknown_answer_takes_no_text(running_interview: Interview, position: int) -> None:
    assert save(running_interview, "text", position=position) is None


def test_an_unknown_interview_takes_no_text(candidate: User) -> None:
    assert (
        save_answer(
            candidate=candidate,
            interview=uuid4(),
            position=1,
            save=Save(text="text", base=0, writer=TAB, sequence=1),
        )
        is None
    )


def test_nobody_else_can_write(
    running_interview: Interview, other_candidate: User, superuser: User
) -> None:
    for person in (other_candidate, superuser):
        assert save(running_interview, "theirs", candidate=person) is None
    assert stored(running_interview).text == ""


def test_saving_tests_the_close_of_the_answer_alone(running_interview: Interview) -> None:
    """So that a save and a finish meet in one row, and only one of them wins."""
    Answer.objects.filter(position=1).update(
        closes_at=stored(running_interview).opened_at,
        accepts_until=stored(running_interview).opened_at,
    )
    assert not isinstance(save(running_interview, "closed"), Receipt)
    assert isinstance(save(running_interview, "open", position=2), Receipt)


# The URL, as a script uses it.


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def post_json(tab: Client, interview: Interview, body: object, position: int = 1):  # type: ignore[no-untyped-def]
    return tab.post(
        reverse("answer-save", args=[interview.pk, position]),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def sent(text: object, **changes: object) -> dict[str, object]:
    return {"text": text, "base": 0, "writer": str(TAB), "sequence": 1, **changes}


def test_a_script_gets_the_receipt_as_json(tab: Client, running_interview: Interview) -> None:
    reply = post_json(tab, running_interview, sent("some words")).json()
    assert reply["state"] == "saved"
    assert reply["revision"] == 1
    assert reply["seconds_left"] == pytest.approx(12 * 60, abs=30)
    assert "revision 1" in reply["receipt"]
    assert "2 words" in reply["receipt"]


def test_line_ends_are_stored_as_one_character(tab: Client, running_interview: Interview) -> None:
    post_json(tab, running_interview, sent("a\r\nb\nc\r"))
    assert stored(running_interview).text == "a\nb\nc\n"


def test_text_is_stored_as_typed_with_its_outer_spaces(
    tab: Client, running_interview: Interview
) -> None:
    post_json(tab, running_interview, sent("  indented\n\n"))
    assert stored(running_interview).text == "  indented\n\n"


def test_twenty_thousand_code_points_fit_whatever_their_bytes(
    tab: Client, running_interview: Interview
) -> None:
    text = "🙂" * 19_999 + "\r\n"
    assert post_json(tab, running_interview, sent(text)).json()["state"] == "saved"
    assert len(stored(running_interview).text) == 20_000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a" * 20_001, "20,001 characters"),
        ("nul \x00 byte", "NUL"),
        ("half a pair \ud83d", "isn’t valid"),
        (["a", "list"], "isn’t valid"),
        (None, "No text arrived"),
    ],
)
def test_text_that_can_not_be_stored_is_refused_with_a_sentence(
    tab: Client, running_interview: Interview, text: object, sentence: str
) -> None:
    reply = post_json(tab, running_interview, sent(text))
    assert reply.status_code == 400
    assert reply.json()["state"] == "refused"
    assert sentence in reply.json()["notice"]
    assert stored(running_interview).revision == 0


def test_half_a_surrogate_pair_comes_back_in_a_page_as_what_can_be_shown(
    tab: Client, running_interview: Interview
) -> None:
    reply = tab.post(
        reverse("answer-save", args=[running_interview.pk, 1]),
        sent("half a pair \ud83d"),
        content_type="application/json",
    )
    assert reply.status_code == 400
    assert "half a pair ?</textarea>" in reply.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"base": -1},
        {"base": 2**31},
        {"base": "x"},
        {"sequence": 0},
        {"sequence": -1},
        {"sequence": 2**31},
        {"sequence": 10**40},
        {"sequence": None},
        {"writer": "me"},
        {"writer": None},
    ],
)
def test_numbers_that_make_no_sense_are_refused(
    tab: Client, running_interview: Interview, changes: dict[str, object]
) -> None:
    reply = post_json(tab, running_interview, sent("text", **changes))
    assert reply.status_code == 400
    assert stored(running_interview).revision == 0


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b'{"text": "\xff"}', b"{", b"[]", b'"text"', b"", b"[" * 100_000]
)
def test_a_body_that_is_no_form_is_refused(
    tab: Client, running_interview: Interview, body: bytes
) -> None:
    reply = post_json(tab, running_interview, body)
    assert reply.status_code == 400
    assert reply.json()["notice"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "image/png"])
def test_text_in_another_form_than_ours_is_not_read(
    tab: Client, running_interview: Interview, content_type: str
) -> None:
    url = reverse("answer-save", args=[running_interview.pk, 1])
    reply = tab.post(url, b"text", content_type, headers={"accept": "application/json"})
    page = tab.post(url, b"text", content_type)
    assert (reply.status_code, reply.json()["state"]) == (415, "refused")
    assert page.status_code == 415
    assert "No text arrived" in reply.json()["notice"]
    assert "No text arrived" in page.content.decode()


def test_what_is_refused_says_how_much_time_is_left(
    tab: Client, running_interview: Interview
) -> None:
    reply = post_json(tab, running_interview, sent("a" * 20_001))
    assert reply.json()["seconds_left"] == pytest.approx(12 * 60, abs=30)


def test_a_body_of_megabytes_is_refused_in_words(tab: Client, running_interview: Interview) -> None:
    text = "a" * 3_000_000
    reply = post_json(tab, running_interview, sent(text))
    url = reverse("answer-save", args=[running_interview.pk, 1])
    page = tab.post(url, f"text={text}", "application/x-www-form-urlencoded")
    assert (reply.status_code, reply.json()["state"]) == (400, "refused")
    assert "far too much text" in reply.json()["notice"]
    assert page.status_code == 400
    assert "far more text than an answer holds" in page.content.decode()
    assert stored(running_interview).revision == 0


@pytest.mark.parametrize("position", [0, 32_768, 2**31, 2**63, 10**30])
def test_a_position_that_no_answer_has_is_not_found(
    tab: Client, running_interview: Interview, position: int
) -> None:
    reply = post_json(tab, running_interview, sent("text"), position=position)
    assert (reply.status_code, reply.json()["state"]) == (404, "refused")
    assert "nothing was stored" in reply.json()["notice"]


def test_somebody_else_s_answer_is_not_found(
    client_of: Callable[[User], Client], running_interview: Interview, other_candidate: User
) -> None:
    reply = post_json(client_of(other_candidate), running_interview, sent("theirs"))
    assert reply.status_code == 404
    assert (stored(running_interview).text, Revision.objects.count()) == ("", 0)


def test_a_future_base_is_a_conflict(tab: Client, running_interview: Interview) -> None:
    reply = post_json(tab, running_interview, sent("text", base=99))
    assert (reply.status_code, reply.json()["state"]) == (409, "conflict")


def test_a_missing_answer_is_not_found(tab: Client, running_interview: Interview) -> None:
    assert post_json(tab, running_interview, sent("text"), position=9).status_code == 404


def test_an_expired_session_is_told_in_json_where_to_log_in(running_interview: Interview) -> None:
    reply = post_json(Client(), running_interview, sent("text"))
    assert reply.status_code == 401
    assert reply.json()["login"].startswith(reverse("account_login"))


def test_a_save_needs_the_token_of_the_form(candidate: User, running_interview: Interview) -> None:
    tab = Client(enforce_csrf_checks=True)
    tab.force_login(candidate)
    assert post_json(tab, running_interview, sent("text")).status_code == 403
    assert stored(running_interview).revision == 0


def test_saving_never_writes_on_get(tab: Client, running_interview: Interview) -> None:
    assert tab.get(reverse("answer-save", args=[running_interview.pk, 1])).status_code == 405


# The URL, as a form without a script uses it.


def post_form(tab: Client, interview: Interview, position: int = 1, **fields: object):  # type: ignore[no-untyped-def]
    return tab.post(
        reverse("answer-save", args=[interview.pk, position]),
        {"base": 0, "writer": str(TAB), "sequence": 1, **fields},
    )


def test_save_leads_back_to_the_question(tab: Client, running_interview: Interview) -> None:
    reply = post_form(tab, running_interview, text="plain")
    assert reply.status_code == 302
    assert reply["Location"] == reverse("answer", args=[running_interview.pk, 1])
    assert stored(running_interview).text == "plain"


@pytest.mark.parametrize(
    ("then", "name", "args"),
    [("next", "answer", [2]), ("3", "answer", [3]), ("finish", "interview-finish", [])],
)
def test_save_leads_where_the_button_says(
    tab: Client, running_interview: Interview, then: str, name: str, args: list[int]
) -> None:
    reply = post_form(tab, running_interview, text="plain", then=then)
    assert reply["Location"] == reverse(name, args=[running_interview.pk, *args])
    assert stored(running_interview).text == "plain"


@pytest.mark.parametrize("then", ["99", "0", "//evil.example", "x"])
def test_a_button_that_leads_nowhere_stays_in_the_interview(
    tab: Client, running_interview: Interview, then: str
) -> None:
    reply = post_form(tab, running_interview, text="plain", then=then)
    assert reply["Location"].startswith(reverse("interview", args=[running_interview.pk]))


def test_text_that_is_too_long_comes_back_with_the_error_beside_it(
    tab: Client, running_interview: Interview
) -> None:
    reply = post_form(tab, running_interview, text="long " * 4_200)
    html = reply.content.decode()
    assert reply.status_code == 400
    assert "21,000 characters" in html
    assert "long " * 4_200 in html
    assert 'aria-invalid="true"' in html


def test_broken_utf_8_in_a_plain_form_is_refused(tab: Client, running_interview: Interview) -> None:
    reply = tab.post(
        reverse("answer-save", args=[running_interview.pk, 1]),
        b"base=0&sequence=1&writer=" + str(TAB).encode() + b"&text=caf%E9",
        content_type="application/x-www-form-urlencoded",
    )
    assert reply.status_code == 400
    assert "isn’t valid" in reply.content.decode()
    assert stored(running_interview).revision == 0


def test_broken_utf_8_in_a_form_with_parts_is_refused(
    tab: Client, running_interview: Interview
) -> None:
    fields = {"base": b"0", "sequence": b"1", "writer": str(TAB).encode(), "text": b"caf\xe9"}
    head = b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
    parts = [head % name.encode() + value + b"\r\n" for name, value in fields.items()]
    reply = tab.post(
        reverse("answer-save", args=[running_interview.pk, 1]),
        b"".join(parts) + b"--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
    )
    assert reply.status_code == 400
    assert "isn’t valid" in reply.content.decode()
    assert stored(running_interview).revision == 0


def test_a_flag_saves_the_text_beside_it(tab: Client, running_interview: Interview) -> None:
    tab.post(
        reverse("answer-flag", args=[running_interview.pk, 1]),
        {"base": 0, "writer": str(TAB), "sequence": 1, "text": "flagged text", "flag": "1"},
    )
    answer = stored(running_interview)
    assert (answer.flagged, answer.text) == (True, "flagged text")
