"""Lines that say nothing: rules, badges, links back to the top, sponsors, template tags."""

import re

# Patterns look at no line that is longer: some would take time with its square.
LONG = 2_000

JUNK = re.compile(
    r"\s*(?:"
    r"<br\s*/?>|</?(?:div|p|center|hr|section|nav|table|tr|td|ul|ol|dl)\b[^>]*>|"
    r"</li\s*>|&nbsp;|"
    r"(?:[-*_=~#•·]\s*){3,}|"
    r"\{%.*%\}|\{\{.*\}\}|\[toc\]|\[\[toc\]\]|"
    r"[⬆↑↥▲🔝^]+"
    r")\s*",
    re.IGNORECASE,
)
BACK = re.compile(
    r"(?i).*\b(?:back to (?:the )?top|back to (?:the )?(?:table of )?contents|go to top|"
    r"return to top|"
    r"вернуться (?:к|наверх)|наверх|к оглавлению|до змісту|回到顶部|返回顶部|volver arriba|"
    r"nach oben)\b.*"
    r"|.*(?:回到顶部|返回顶部|返回目录).*|[^\w\[]*+\[[^\]⬆↑↥▲🔝]*+[⬆↑↥▲🔝][^\]]*\]\(#[^)]*\)\W*"
)
IMAGES = re.compile(r"\s*(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+")
BADGE = re.compile(
    r"shields\.io|badge|/workflows/|travis-ci|codecov|hits\.|komarev|star-history", re.I
)
HTML_IMAGE = re.compile(r"\s*(?:<a\b[^>]*>\s*)?<img\b[^>]*>\s*(?:</a>)?\s*", re.I)
SPONSOR = re.compile(
    r"(?i)\bsponsor(?:s|ed|ship)?\b|\bpromo code\b|buy me a coffee|patreon\.com|"
    r"opencollective|utm_source=|\bstar (?:this|the) (?:repo|project)"
)


def is_junk(line: str) -> bool:
    """Rules, back-to-top links, badges, lone tags: dropped at the edges of everything."""
    text = line.strip()
    if len(text) > LONG:
        return False
    if JUNK.fullmatch(text):
        return True
    if BACK.fullmatch(text) and len(re.sub(r"<[^>]*>|\([^)]*\)", "", text)) < 80:
        return True
    if (IMAGES.fullmatch(text) or HTML_IMAGE.fullmatch(text)) and BADGE.search(text):
        return True
    return (
        bool(SPONSOR.search(text))
        and ("](" in text or "href" in text)
        and "?" not in re.sub(r"\([^)]*\)", "", text)
    )
