"""What the process that hands out the tests does: who gets which, and what is said of all of them.

It is a plugin, as that process reads no `conftest.py` below the first.
"""

from typing import Any

import pytest

from tests.browser.budgets.table import AUDITED, LOOK, SEEN, TABLE_HEAD

TOURS = "tests/browser/budgets/"
SHARED_OUT = (
    TOURS,
    "tests/browser/test_layout.py",
    "tests/browser/test_languages.py",
)
"""Of minutes each, in few tests: by file, one process would still be at them at the end."""
LEFT_OUT = "Left out: "
NOT_SEEN = pytest.StashKey[list[str]]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file; but the slowest tests go to whoever is free."""
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrTest(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if nodeid.startswith(SHARED_OUT) else super()._split_scope(nodeid)

    return ByFileOrTest(config, log) if config.getoption("dist") == "loadfile" else None


def told_by_tests(config: pytest.Config, name: str) -> list[str]:
    """What tests say by a property of this name, wherever they ran.

    A test that fails in parts is reported once for each, with all that it found until then.
    """
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    tests = [*reporter.getreports("passed"), *reporter.getreports("failed")]
    found = (each for test in tests for each in test.user_properties)
    return list(dict.fromkeys(str(value) for key, value in found if key == name))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where all tours are through, fail if a page was on none."""
    if hasattr(session.config, "workerinput"):
        return  # Of all processes the one that handed out the tests knows.
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    passed = [test.nodeid for test in reporter.getreports("passed") if test.when == "call"]
    names = {nodeid.split("::")[1].split("[")[0] for nodeid in passed if nodeid.startswith(TOURS)}
    if names:
        from tests.browser.budgets.whole_tour import left_out, tours

        if tours() <= names:
            seen, audited = (told_by_tests(session.config, name) for name in (SEEN, AUDITED))
            found = session.config.stash[NOT_SEEN] = left_out(seen, audited)
            if found:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Whether all pages were on a tour; where the budgets alone are tested, what was found on each.

    The tests run in several processes, so this comes with their reports.
    """
    not_seen = terminalreporter.config.stash.get(NOT_SEEN, None)
    if not_seen is not None:
        terminalreporter.section(f"the tours: {len(not_seen) or 'no'} pages left out")
        for line in not_seen:
            terminalreporter.line(line, red=True)
    if terminalreporter.config.getoption("markexpr") != "budgets":
        return
    terminalreporter.section("budgets: kilobytes gzipped, how many faults, Lighthouse")
    terminalreporter.line(TABLE_HEAD)
    for row in told_by_tests(terminalreporter.config, LOOK):
        terminalreporter.line(row)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The very last line, below the summary: what was left out, and how to get it."""
    reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.getreports("skipped") if reporter else []
    reasons = {test.longrepr[2] for test in skipped if isinstance(test.longrepr, tuple)}
    for reason in sorted(reasons):
        _, is_ours, rest = reason.partition(LEFT_OUT)
        if reporter and is_ours:
            reporter.line(f"{LEFT_OUT}{rest}")
