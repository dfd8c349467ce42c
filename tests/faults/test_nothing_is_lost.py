"""Servers are killed under writing candidates, and every text and second is accounted for.

`make faults` runs it at full size, `make test` a short one; docs/faults.md says how to read it.
"""

import os
import sys
from dataclasses import replace

import pytest

from tests.browser.chromium import find_chromium
from tests.faults.plan import Plan
from tests.faults.run import run
from tests.faults.world import World

pytestmark = pytest.mark.faults


def test_nothing_is_lost_while_servers_are_killed_and_the_network_is_bad(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan.from_environment()
    if find_chromium() is None:
        assert not os.environ.get("CI"), "no Chromium was found"
        plan = replace(plan, browsers=0)
    verdict = run(world, plan)
    with capsys.disabled():
        sys.stdout.write(f"\n{verdict.table()}{verdict.cases()}\n")
    assert verdict.is_clean, verdict.cases()
