"""How many queries each page asks, session and person not counted: one table for all pages.

A number that falls is to be written down, too. Pages with lists are asked besides with 5 and with
500 rows, each in the file of its page.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests import test_access
from tests.test_access import ROLES, TABLE, World

world = test_access.world

# Who asks: the first of these who gets the page.
ASKING = ["owner", "holder", "superuser", "stranger"]
COUNTS = """
health                                1
home                                  4
set-list                              2
set                                   5
set@draft                             5
question                              7
question@draft                        7
story-list                            3
story                                 4
story@draft                           4
note-list                             3
note                                  4
note@draft                            4
topic-list                            1
topic                                 5
picture                               2
search                                1
account_login                         0
account_signup                        0
account_logout                        0
account_inactive                      0
account_email_verification_sent       0
account_confirm_email                 3
account_reset_password                0
account_reset_password_done           0
account_reset_password_from_key       1
account_reset_password_from_key_done  0
account_reauthenticate                0
account_email                         4
account_change_password               0
profile                               2
profile-export                        21
profile-delete                        0
interview-list                        2
interview-new                         4
interview-new-mixed                   4
interview-new-matching                2
quick-start                           5
answer                                3
answer-history                        2
interview-clock                       1
interview-finish                      3
self-score                            3
feedback                              8
feedback-earlier@corrected            7
second-look-ask                       7
interview-compare                     1
progress                              7
guided-self-score                     3
invite                                4
invitation-list                       2
invitation-new                        2
invitation                            2
invitation-edit                       4
invitation-delete                     1
queue                                 4
assignment-clock                      1
batch                                 5
review                                2
review-answer-versions                4
review-summary                        2
comment-bank                          2
banked-comment-edit                   1
review-list                           4
review-correct                        2
second-look                           3
team                                  3
"""
MOST, MOST_OF_ROOM = 8, 3


def asked_by(role: str, answers: list[str]) -> bool:
    return answers[ROLES.index(role)] == "200"


def test_each_page_asks_as_many_queries_as_the_table_says(
    world: World, client_of: Callable[[User], Client]
) -> None:
    found = {}
    for (url, method), answers in TABLE.items():
        role = next((role for role in ASKING if asked_by(role, answers)), None)
        if method != "GET" or role is None:
            continue
        client = Client() if role == "stranger" else client_of(world.people[role])
        address = reverse(url.partition("@")[0], args=world.arguments(url))
        with transaction.atomic():
            with CaptureQueriesContext(connection) as queries:
                assert list(client.get(address)) != []  # What is streamed asks as it goes.
            transaction.set_rollback(True)
        found[url] = len(of_page(queries.captured_queries))

    expected = {name: int(count) for name, count in map(str.split, COUNTS.strip().splitlines())}
    assert found == expected
    # A file of all that one has; fetched by the twenty interviews.
    del expected["profile-export"]
    assert max(expected.values()) <= MOST
    assert expected["answer"] <= MOST_OF_ROOM


def of_page(queries: list[dict[str, Any]]) -> list[str]:
    """Without the one that finds out who asks."""
    statements = [query["sql"] for query in queries]
    return [sql for sql in statements if 'FROM "session"' not in sql and "SAVEPOINT" not in sql]
