"""What the process that hands out the tests does: who gets which, and what is said at the end.

It is a plugin, as that process reads no `conftest.py` below the first.
"""

from typing import Any

import pytest

from tests.browser.budgets.table import LOOK, TABLE_HEAD

TOURS = "tests/browser/budgets/"
SHARED_OUT = ("tests/browser/test_layout.py", "tests/browser/test_languages.py")
"""Of minutes each, in few tests: by file, one process would still be at them at the end."""
LEFT_OUT = "Left out: "


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file; but the tours of all pages stay together, as the last knows what was seen, and the
    slowest tests go to whoever is free.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrTour(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(TOURS):
                return TOURS
            return nodeid if nodeid.startswith(SHARED_OUT) else super()._split_scope(nodeid)

    return ByFileOrTour(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the budgets alone are tested: what was found on each page.

    The tests run in several processes, so this comes with their reports.
    """
    if terminalreporter.config.getoption("markexpr") != "budgets":
        return
    terminalreporter.section("budgets: kilobytes gzipped, how many faults, Lighthouse")
    terminalreporter.line(TABLE_HEAD)
    tests = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    found = [look for test in tests for look in test.user_properties]
    # A test that fails in parts is reported once for each, with all that it found until then.
    for row in dict.fromkeys(row for name, row in found if name == LOOK):
        terminalreporter.line(str(row))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The very last line, below the summary: what was left out, and how to get it."""
    reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.getreports("skipped") if reporter else []
    reasons = {test.longrepr[2] for test in skipped if isinstance(test.longrepr, tuple)}
    for reason in sorted(reasons):
        _, is_ours, rest = reason.partition(LEFT_OUT)
        if reporter and is_ours:
            reporter.line(f"{LEFT_OUT}{rest}")
