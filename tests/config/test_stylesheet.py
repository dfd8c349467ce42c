"""The look's promises that figures can show: tokens, weight, contrast, nothing unused or inline."""

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
    *[(f"code-{part}", "sunken", 4.5) for part in ["word", "text", "number", "name"]],
]
LAYERS = ["reset", "tokens", "base", "layout", "components", "utilities"]


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


def rules() -> str:
    """The sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", STYLESHEET.read_text(), flags=re.DOTALL)


def declared(*properties: str) -> list[str]:
    """What the sheet says of these, but where it is printed: paper is measured in points."""
    screen = rules().partition("@media print")[0]
    return re.findall(rf"(?<![\w-])(?:{'|'.join(properties)}): ([^;}}]+)", screen)


def test_it_is_made_of_layers_and_nothing_is_outside_them() -> None:
    statement, *blocks = re.split(r"^@layer ", rules().strip(), flags=re.MULTILINE)[1:]
    assert statement.strip() == f"{', '.join(LAYERS)};"
    assert [block.split()[0] for block in blocks] == LAYERS
    for block in blocks:
        assert block.startswith(f"{block.split()[0]} {{\n")
        assert block.rstrip().endswith("\n}")
        assert block.count("{") == block.count("}")


def test_every_colour_is_in_oklch() -> None:
    values = re.sub(r'"[^"]*"', "", rules())
    assert not re.search(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|color)a?\(", values)
    assert not re.search(r":[^;{}]*\b(?:black|white|gr[ae]y|red|green|blue|orange)\b", values)


def test_every_token_is_used_and_every_one_that_is_used_is_there() -> None:
    tokens_layer = re.split(r"^@layer ", rules(), flags=re.MULTILINE)[3]
    made = set(re.findall(r"(--[\w-]+):", tokens_layer))
    of_components = set(re.findall(r"[{;]\s*(--[\w-]+):", rules())) - made
    used = set(re.findall(r"var\((--[\w-]+)", rules()))
    assert made - used == set()
    assert used - made - of_components == set()
    assert of_components <= used


def test_sizes_of_text_corners_and_motion_are_tokens() -> None:
    own = r"var\(--[\w-]+\)|inherit|[\d.]+em|max\(1rem, var\(--t-m\)\)"
    assert [size for size in declared("font-size") if not re.fullmatch(own, size)] == []
    corner = r"var\(--radius[\w-]*\)|50%|0"
    corners = declared("border-radius", r"border-(?:start|end)-(?:start|end)-radius")
    assert [radius for radius in corners if not re.fullmatch(corner, radius)] == []
    motions = [motion for value in declared("transition") for motion in value.split(", ")]
    assert motions
    assert [motion for motion in motions if not motion.endswith(" var(--quick)")] == []


def test_it_answers_to_what_readers_set() -> None:
    for asked in (
        "prefers-contrast: more",
        "prefers-reduced-motion: reduce",
        "forced-colors: active",
    ):
        assert f"@media ({asked})" in rules()
    assert "color-scheme: light dark;" in rules()


MADE_BY_OTHERS = {"htmx-request"}


def selectors() -> list[str]:
    return re.findall(r"([^{}]+)\{", re.sub(r"@[^{;]+[{;]", "{}", rules()))


def classes() -> set[str]:
    """All but those that Pygments gives to code."""
    of_ours = [selector for selector in selectors() if not selector.strip().startswith("pre ")]
    return set(re.findall(r"\.([a-z][\w-]*)", " ".join(of_ours))) - MADE_BY_OTHERS


def test_no_rule_is_for_a_class_that_no_page_has() -> None:
    """The style page doesn't count: it shows what others use."""
    apps = ("accounts", "interview", "questions")
    scripts = (settings.BASE_DIR / "static" / "js").rglob("*.js")
    modules = [path for app in apps for path in (settings.BASE_DIR / app).rglob("*.py")]
    pages = [path for path in TEMPLATES if path.name != "styleguide.html"]
    given = r'(?:class(?:=|"?: |es=)\\?"|block page_class %\})([^"\n]*)'
    text = " ".join(
        [
            *(name for path in [*pages, *modules] for name in re.findall(given, path.read_text())),
            *(path.read_text() for path in scripts),
        ]
    )
    words = set(re.findall(r"[a-z][\w-]*", text))
    # A class may be made of two parts: `mark-word--{{ mark }}`, `receipt--${state}`.
    made = set(re.findall(r"([a-z][\w-]*--)(?:\{[{%]|\$\{)", text))
    unused = {
        name
        for name in classes() - words
        if not (name.partition("--")[0] + "--" in made and name.partition("--")[2] in words)
    }
    assert unused == set()


def test_no_page_has_a_class_without_a_rule() -> None:
    """Or it is a slip: what a script looks for is named by its id or a data attribute."""
    found = set()
    for path in TEMPLATES:
        if "admin" not in path.parts:
            html = re.sub(r"\{[{%#].*?[}%#]\}", " ", path.read_text())
            names = " ".join(re.findall(r'\sclass="([^"]*)"', html)).split()
            found |= {name for name in names if not name.endswith("--")}
    assert found - classes() - MADE_BY_OTHERS - {"danger", "info"} == set()


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
