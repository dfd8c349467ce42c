"""What somebody may do, looked up in one query."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User


@pytest.fixture
def person(db: None) -> User:
    person = User.objects.create_user("person@example.com")
    person.groups.add(Group.objects.get(name="Reviewers"))
    person.user_permissions.add(Permission.objects.get(codename="change_topic"))
    return person


def test_own_permissions_and_those_of_groups_count_and_no_others(person: User) -> None:
    assert person.has_perm("interview.review")
    assert person.has_perm("questions.change_topic")
    assert not person.has_perm("questions.change_questionset")
    assert person.has_module_perms("questions")


def test_they_cost_one_query(person: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        person.has_perm("interview.review")
        person.has_perm("questions.change_questionset")
    assert len(queries) == 1


def test_a_closed_account_may_do_nothing(person: User) -> None:
    person.is_active = False
    assert not person.has_perm("interview.review")
    assert person.get_all_permissions() == set()


def test_a_superuser_may_do_everything(db: None) -> None:
    chief = User.objects.create_superuser("chief@example.com")
    assert chief.has_perm("interview.review")
    assert "questions.change_topic" in chief.get_all_permissions()
