"""A visitor by protocol, who fills in the forms that pages show. Each request goes to the next of
several servers, as behind a balancer that remembers nobody.
"""

from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from itertools import cycle
from urllib.parse import urlencode, urljoin, urlsplit

Fields = dict[str, str]


class Form:
    def __init__(self, attributes: dict[str, str]) -> None:
        self.id = attributes.get("id", "")
        self.action = attributes.get("action", "")
        self.fields: Fields = {}
        self.radios: dict[str, list[str]] = {}


class Forms(HTMLParser):
    """Those of a page that are sent by POST, with what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.inside: Form | None = None
        self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form" and attributes.get("method") == "post":
            self.inside = Form(attributes)
            self.found.append(self.inside)
        form, name = self.of(attributes), attributes.get("name", "")
        if form is None or not name:
            return
        kind = attributes.get("type", "text")
        if tag == "textarea":
            self.textarea = name
            form.fields[name] = ""
        elif tag == "input" and kind == "radio":
            form.radios.setdefault(name, []).append(attributes["value"])
        if tag == "input" and (kind not in {"radio", "checkbox"} or "checked" in attributes):
            form.fields[name] = attributes.get("value", "on")

    def of(self, attributes: dict[str, str]) -> Form | None:
        if "form" not in attributes:
            return self.inside
        return next((form for form in self.found if form.id == attributes["form"]), None)

    def handle_data(self, data: str) -> None:
        if self.textarea and self.inside is not None:
            self.inside.fields[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""
        elif tag == "form":
            self.inside = None


class Visitor:
    """Follows redirects and keeps cookies. `path` and `page` are where it is."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = cycle(ports)
        self.cookies: Fields = {}
        self.path, self.page, self.status = "/", "", 0

    def go(self, path: str, fields: Fields | None = None) -> None:
        method, body = ("GET", "") if fields is None else ("POST", urlencode(fields))
        for _redirect in range(6):
            self.path = path
            location = self.ask(method, path, body)
            if not location:
                return
            target = urlsplit(urljoin(path, location))
            path, method, body = target._replace(scheme="", netloc="").geturl(), "GET", ""
        raise AssertionError(f"{path} leads in a circle")

    def ask(self, method: str, path: str, body: str) -> str:
        """To where it redirects; empty where this is the page."""
        connection = HTTPConnection("127.0.0.1", next(self.ports), timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            self.status, self.page = response.status, response.read().decode()
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        assert self.status < 500, (path, self.status)
        return response.headers.get("Location", "")

    def form(self, action: str = "", having: str = "") -> Form:
        """The page's form with that end of its action, and with that field, or some `radios`."""
        forms = [
            form
            for form in Forms(self.page).found
            if form.action.endswith(action)
            and (not having or having in form.fields or (having == "radios" and form.radios))
        ]
        assert forms, (self.path, self.status, action, having)
        return forms[0]

    def send(self, form: Form, action: str = "", **fields: str) -> None:
        """Press its button, or one of another `action`."""
        self.go(urljoin(self.path, action or form.action) or self.path, {**form.fields, **fields})
