"""A page with every fault that a budget knows, for the test that sees each of them found."""

import random

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path


def noise(length: int) -> str:
    """Text that does not compress."""
    return random.Random(length).randbytes(length // 2).hex()


PAGE = f"""<!doctype html>
<html>
  <head>
    <title>Faulty</title>
    <link rel="stylesheet" href="style.css">
    <script src="script.js"></script>
  </head>
  <body>
    <!-- {noise(60_000)} -->
    <unknown>A tag that nobody knows.</unknown>
    <p style="color: red">An inline style.</p>
    <img src="picture.png" width="3000" height="10">
  </body>
</html>
"""
STYLE = (
    """
@font-face { font-family: faulty; src: url(font.woff2); }
body { font-family: faulty; }
/* """
    + noise(1_000_000)
    + " */"
)
SCRIPT = f"console.error('A word on the console.'); // {noise(90_000)}"
PARTS = {
    "": (PAGE, "text/html"),
    "style.css": (STYLE, "text/css"),
    "script.js": (SCRIPT, "text/javascript"),
    "picture.png": (random.Random(1).randbytes(2_000_000), "image/png"),
    "font.woff2": (b"not a font", "font/woff2"),
}


@login_not_required
def faulty(request: HttpRequest, part: str) -> HttpResponse:
    content, kind = PARTS[part]
    return HttpResponse(content, kind)


urlpatterns = [path(f"faulty/{part}", faulty, {"part": part}) for part in PARTS]
