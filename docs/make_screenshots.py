"""`make screenshots`: pictures of every page into docs/screenshots/, light and dark, two widths.

Starts a demo with data of its own, sits and grades an interview in it, and looks at each page on
the way as the person who would.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.budgets.looking import FADED
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.servers import answers, folder_for_data, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
WIDTHS = {1280: 800, 360: 740}
SCHEMES = ("light", "dark")
README = {"room", "grade", "feedback"}
"""Those that the README shows: what fits on a desk's screen, in light. The others are not kept."""
PASSWORD = "dry-run-demo"  # noqa: S105 - the demo's, printed by `make run`
PATIENCE = 300.0

PUBLIC = {
    "home": "/",
    "sets": "/sets/",
    "set": "/sets/k8s-interfaces/",
    "question": "/sets/k8s-interfaces/cni-vs-plugin/",
    "stories": "/stories/",
    "story": "/stories/eks-external-snat-reset/",
    "notes": "/notes/",
    "note": "/notes/k8s-pod-networking/",
    "topics": "/topics/",
    "topic": "/topics/networking/",
    "search": "/search/",
    "search-hits": "/search/?q=readiness+probe",
    "search-narrowed": "/search/?q=pod&topic=networking&difficulty=2",
    "search-nothing": "/search/?q=iptabels",
    "log-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "password-reset": "/accounts/password/reset/",
    "not-found": "/nowhere/",
}
ANSWERS = (
    """\
CRI is how the kubelet talks to the container runtime: gRPC, with a runtime and an image service.
containerd and CRI-O implement it.

CNI is how the runtime asks a plugin for a Pod's interface and address.
CSI is the same idea for storage.""",
    """\
CNI is the contract, a CNI plugin is a program that fulfils it.

  /opt/cni/bin     the programs
  /etc/cni/net.d   which of them are used""",
    "",
    "The first address of the Service range, on the Service kubernetes in default.",
)


@contextmanager
def demo() -> Iterator[str]:
    """Serve a fresh demo; its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with folder_for_data() as data_dir:
        environment = {
            **os.environ,
            "DEMO": "1",
            "DEBUG": "0",
            "DATA_DIR": str(data_dir),
            "SITE_URL": address,
        }
        server = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until(
                lambda: server.poll() is not None or answers(address), "the demo answers", PATIENCE
            )
            assert server.poll() is None, "the demo ended at once"
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
            reset = [sys.executable, "manage.py", "reset", "--yes"]
            subprocess.run(reset, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def take(page: Page, name: str) -> None:
    """Picture the page as it is: whole, in both schemes, on a desk and on a phone."""
    page.evaluate("scrollTo(0, 0)")
    if name in README:
        page.screenshot(path=TARGET / f"readme-{name}.png")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        # A screen as high as the page: bars that stick to its end would lie over what is above.
        whole = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": whole})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate(FADED)
            page.screenshot(path=TARGET / f"{name}-{scheme}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": WIDTHS[1280]})
    page.emulate_media(color_scheme="light")


def person(browser: Browser, address: str, email: str = "") -> Page:
    context = browser.new_context(
        base_url=address,
        reduced_motion="reduce",  # No picture of a colour on its way to another.
        viewport={"width": 1280, "height": WIDTHS[1280]},
    )
    page = context.new_page()
    if email:
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda url: "login" not in url)
    return page


def look_as_stranger(browser: Browser, address: str) -> None:
    page = person(browser, address)
    for name, path in PUBLIC.items():
        page.goto(path)
        if name == "question":
            for details in page.locator("details summary").all():
                details.click()
        take(page, name)
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("nobody@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state()
    take(page, "log-in-error")
    for number in range(6):
        page.goto("/accounts/password/reset/")
        page.get_by_label("Email").fill("nobody@example.com")
        page.get_by_role("button", name="Send me the link").click()
        page.wait_for_load_state()
        if number == 0:
            take(page, "password-reset-mailed")
    take(page, "too-many-tries")


def sit(browser: Browser, address: str) -> Page:
    page = person(browser, address, "candidate@example.com")
    for name, path in {
        "home-candidate": "/",
        "interviews": "/interviews/",
        "progress": "/progress/",
        "new": "/interviews/new/?set=k8s-interfaces",
        "new-mixed": "/interviews/new/mixed/",
        "quick-start": "/interviews/quick-start/",
        "profile": "/profile/",
        "delete": "/profile/delete/",
        "email": "/accounts/email/",
        "password-change": "/accounts/password/change/",
        "log-out": "/accounts/logout/",
        "no-permission": "/queue/",
    }.items():
        page.goto(path)
        take(page, name)
    page.goto("/interviews/new/?set=k8s-interfaces")
    page.get_by_role("button", name="Start", exact=True).click()
    take(page, "room-empty")
    for position, text in enumerate(ANSWERS, start=1):
        page.get_by_role("button", name=f"Question {position}").click()
        page.wait_for_url(f"**/answers/{position}/")
        page.get_by_role("textbox", name="Your answer").fill(text)
    page.get_by_role("button", name="Flag").click()
    page.get_by_role("button", name="Question 1").click()
    page.wait_for_url("**/answers/1/")
    box = page.get_by_role("textbox", name="Your answer")
    box.press("End")
    box.press_sequentially(" ")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("revision").wait_for()
    take(page, "room")
    page.get_by_role("button", name="History").click()
    page.wait_for_url("**/history/")
    take(page, "history")
    page.goto("/")
    take(page, "home-running")
    page.goto("/interviews/")
    page.get_by_role("link", name="Interfaces").first.click()
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/finish/")
    take(page, "finish")
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/self-score/")
    take(page, "self-score")
    page.get_by_role("button", name="Keep my marks").click()
    page.get_by_role("alert").wait_for()
    take(page, "self-score-refused")
    for number, marks in enumerate(page.locator("fieldset.marks").all()):
        marks.get_by_role("radio", name=("Full", "Half", "Missed")[number % 3]).check()
    page.get_by_role("button", name="Keep my marks").click()
    page.wait_for_url("**/feedback/")
    take(page, "feedback-waiting")
    return page


def invite(browser: Browser, address: str) -> None:
    """Whoever follows the link is asked to log in; who is logged in can start."""
    desk = person(browser, address, "reviewer@example.com")
    desk.goto("/invitations/")
    take(desk, "invitations")
    desk.get_by_role("link", name="First round").click()
    desk.wait_for_url("**/invitations/*/")
    take(desk, "invitation")
    link = desk.get_by_role("link", name="See what they see").get_attribute("href") or ""
    desk.get_by_role("link", name="Edit").click()
    desk.wait_for_url("**/edit/")
    take(desk, "invitation-edit")
    desk.goto(desk.url.replace("/edit/", "/delete/"))
    take(desk, "invitation-delete")
    desk.goto(link)
    take(desk, "invite-own")
    desk.goto("/invitations/new/")
    take(desk, "invitation-new")
    stranger = person(browser, address)
    stranger.goto(link)
    take(stranger, "invite-stranger")
    candidate = person(browser, address, "candidate@example.com")
    candidate.goto(link)
    take(candidate, "invite")


def sit_one_at_a_time(browser: Browser, address: str) -> None:
    page = person(browser, address, "candidate@example.com")
    page.goto("/interviews/new/?set=k8s-interfaces")
    page.get_by_role("radio", name="one at a time").check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/answers/1/")
    take(page, "room-one-at-a-time")
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/answers/2/")
    take(page, "next-question")


def grade(browser: Browser, address: str) -> None:
    page = person(browser, address, "reviewer@example.com")
    page.goto("/queue/")
    take(page, "queue")
    page.get_by_role("button", name="Claim", exact=False).last.click()
    page.wait_for_url("**/reviews/**")
    for position in range(1, 6):
        page.get_by_text(f"Question {position} of 5").wait_for()
        for number, marks in enumerate(page.locator("fieldset.marks").all()):
            if position == 2 and number == 3:
                take(page, "grade")
            marks.get_by_role("radio", name=("Full", "Full", "Half", "Missed")[number % 4]).check()
        page.get_by_label("Comment on this answer").fill("Lead with the answer, then ground it.")
        page.get_by_role("button", name="Save and").click()
    page.wait_for_url("**/summary/")
    take(page, "summary")
    for scale in page.locator("fieldset.levels").all():
        scale.get_by_role("radio").nth(1).check()
    page.locator("#id_comment").fill("Right on what matters. Say how you would verify it.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Take back").wait_for()
    take(page, "published")
    page.goto("/queue/")
    take(page, "queue-after")
    page.goto("/comment-bank/")
    page.locator("#id_text").fill("Lead with the answer, then ground it.")
    page.get_by_role("button", name="Add to the bank").click()
    page.get_by_role("link", name="Edit").wait_for()
    take(page, "comment-bank")
    page.get_by_role("link", name="Edit").click()
    page.wait_for_url("**/edit/")
    take(page, "comment-bank-edit")
    page.goto("/queue/")
    page.get_by_role("button", name="Claim a batch").click()
    page.wait_for_url("**/batches/**")
    take(page, "batch")
    page.get_by_role("link", name="Next ungraded answer").click()
    page.wait_for_url("**by=question")
    take(page, "grade-by-question")


def ask_again(browser: Browser, address: str, candidate: Page) -> None:
    """A second look, its answer, and a correction that is begun."""
    candidate.get_by_role("link", name="Ask for a second look").first.click()
    candidate.get_by_label("overlook").fill("The second sentence says it: over gRPC.")
    take(candidate, "second-look-ask")
    candidate.get_by_role("button", name="Ask").click()
    candidate.get_by_text("It waits for an answer").wait_for()
    page = person(browser, address, "reviewer@example.com")
    page.goto("/reviews/")
    take(page, "my-reviews")
    page.get_by_role("link", name="Answer").first.click()
    page.get_by_role("radio", name="Full").check()
    page.get_by_label("Your answer to the candidate").fill("You are right, I had overlooked it.")
    take(page, "second-look")
    page.goto("/reviews/")
    page.get_by_role("link", name="Correct").first.click()
    take(page, "correct")
    page.get_by_label("Why do you correct it?").fill("I had misread the second answer.")
    page.get_by_role("button", name="Begin the correction").click()
    page.get_by_role("button", name="Discard the correction").wait_for()
    take(page, "correction")
    candidate.goto("/interviews/compare/")
    take(candidate, "compare")


def edit(browser: Browser, address: str) -> None:
    page = person(browser, address, "editor@example.com")
    for name, path in {
        "team": "/team/",
        "admin": "/admin/",
        "admin-sets": "/admin/questions/questionset/",
        "admin-questions": "/admin/questions/question/",
        "admin-stories": "/admin/questions/story/",
        "admin-notes": "/admin/questions/note/",
    }.items():
        page.goto(path)
        take(page, name)
        if page.locator("#result_list").count():
            page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
            page.wait_for_url("**/change/")
            take(page, name.replace("ies", "y").removesuffix("s"))
    page.goto("/admin/questions/import/add/")
    take(page, "admin-import-new")
    page.get_by_label("Or text").fill(
        "# Names\n\n1. What is a zone?\n\n   A part of the tree.\n2. Who answers for it?\n"
    )
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/change/")
    take(page, "admin-import")
    page.goto("/admin/questions/import/")
    take(page, "admin-imports")


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        look_as_stranger(browser, address)
        invite(browser, address)
        candidate = sit(browser, address)
        grade(browser, address)
        edit(browser, address)
        # A published review is the candidate's to read after a minute.
        deadline = time.monotonic() + 120
        while not candidate.get_by_text("Right on what matters").count():
            assert time.monotonic() < deadline
            candidate.wait_for_timeout(2000)
            candidate.reload()
        take(candidate, "feedback")
        ask_again(browser, address, candidate)
        candidate.goto("/interviews/")
        take(candidate, "interviews-reviewed")
        sit_one_at_a_time(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
