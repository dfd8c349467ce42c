"""The look's promises that figures can show: weight, contrast, nothing inline."""

import gzip
import math
import re
from pathlib import Path

import pytest
from django.conf import settings

STYLESHEET = settings.BASE_DIR / "static" / "css" / "app.css"
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
LIGHT, DARK = 0, 1

# Which colour stands on which, and the ratio that WCAG 2.2 asks for (1.4.3 and 1.4.11).
SURFACES = ["bg", "surface", "sunken"]
PAIRS = [
    *[("text", on, 4.5) for on in [*SURFACES, "highlight"]],
    *[("text", f"{tone}-soft", 4.5) for tone in ["accent", "good", "warn", "bad"]],
    *[("accent", f"{tone}-soft", 4.5) for tone in ["accent", "good", "warn", "bad"]],
    *[("muted", on, 4.5) for on in [*SURFACES, "accent-soft"]],
    *[
        (tone, on, 4.5)
        for tone in ["accent", "good", "warn", "bad"]
        for on in [*SURFACES, f"{tone}-soft"]
    ],
    *[("on-accent", on, 4.5) for on in ["accent-fill", "accent-hover", "bad-fill"]],
    *[("line-strong", on, 3.0) for on in SURFACES],
    ("accent", "line", 3.0),
]


def luminance(colour: str) -> float:
    """Relative luminance of an `oklch()` colour, through linear sRGB (CSS Color 4, 10 and 18)."""
    match = re.fullmatch(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", colour)
    assert match, colour
    lightness, chroma, hue = (float(part) for part in match.groups())
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness / 100 + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness / 100 - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness / 100 - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1, max(0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted([luminance(first), luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


def tokens() -> dict[str, list[str]]:
    """Each colour by name, for light and for dark."""
    found = re.findall(
        r"--([\w-]+): (light-dark\(oklch\(.*?\), oklch\(.*?\)\)|oklch\(.*?\));",
        STYLESHEET.read_text(),
    )
    colours = {name: re.findall(r"oklch\(.*?\)", value) for name, value in found}
    return {name: [values[0], values[-1]] for name, values in colours.items()}


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("oklch(100% 0 0)", "oklch(0% 0 0)") == pytest.approx(21, abs=0.01)
    # #767676 on white is the well-known grey that just passes.
    assert contrast("oklch(100% 0 0)", "oklch(56.6% 0 0)") == pytest.approx(4.54, abs=0.03)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_that_meet_can_be_told_apart(
    front: str, back: str, least: float, scheme: int
) -> None:
    colours = tokens()
    assert contrast(colours[front][scheme], colours[back][scheme]) >= least


def test_the_stylesheet_weighs_at_most_14_kilobytes() -> None:
    assert len(gzip.compress(STYLESHEET.read_bytes(), mtime=0)) <= 14 * 1024


def test_the_stylesheet_asks_nobody_else_for_anything() -> None:
    assert not re.search(r"@import|url\(|@font-face", STYLESHEET.read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_that_the_content_security_policy_refuses(template: Path) -> None:
    refused = (
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|\shx-on|javascript:|\ssrc=.?https?:"
    )
    assert not re.search(refused, template.read_text())
