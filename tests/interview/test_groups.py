"""What the roles may do, from the first `migrate` on."""

from accounts.models import User


def test_reviewers_may_review_and_nothing_else(reviewer: User) -> None:
    assert reviewer.get_all_permissions() == {"interview.review"}


def test_editors_may_add_and_change_the_library_but_not_delete_from_it(editor: User) -> None:
    permissions = editor.get_all_permissions()
    assert {"questions.add_question", "questions.change_keypoint"} <= permissions
    assert not [name for name in permissions if ".delete_" in name]
    assert all(name.startswith("questions.") for name in permissions)


def test_candidates_have_no_permission(candidate: User) -> None:
    assert candidate.get_all_permissions() == set()
