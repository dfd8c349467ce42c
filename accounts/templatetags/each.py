"""`{% load each %}`: a loop over many rows, most of which is the same in each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from operator import attrgetter
from typing import Any, TypeAlias

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import (
    FilterExpression,
    Parser,
    TextNode,
    Token,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import CsrfTokenNode, IfNode
from django.utils.safestring import SafeString

register = Library()

NAMES = ("asvar", "target_var", "variable", "variable_name", "var_name", "varname")
"""Where tags keep the name that they give to something, as in `{% translate "Save" as word %}`."""


@dataclass(frozen=True)
class OfThePage:
    """What is the same in each row."""

    node: Node


@dataclass(frozen=True)
class IfOfRow:
    """`{% if row.is_new %}`, perhaps with an `{% else %}`."""

    is_so: "attrgetter[Any]"
    parts: "Sequence[Part]"
    other_parts: "Sequence[Part]"

    def chosen(self, row: Any) -> "Sequence[Part]":
        value = self.is_so(row)
        if callable(value):  # It would always be so.
            raise TypeError(f"{value} is asked for in a row, and not called there.")
        return self.parts if value else self.other_parts


Part: TypeAlias = "str | attrgetter[Any] | IfOfRow | Node"


class EachNode(Node):
    child_nodelists = ("nodelist",)

    def __init__(self, name: str, rows: FilterExpression, nodelist: NodeList) -> None:
        self.name, self.rows, self.nodelist = name, rows, nodelist
        self.named = {
            getattr(node, attribute, None)
            for node in nodelist.get_nodes_by_type(Node)
            for attribute in NAMES
        }
        self.parts = [self.part(node) for node in nodelist]

    def render(self, context: Context) -> SafeString:
        rows = self.rows.resolve(context, ignore_failures=True) or ()
        html: list[str] = []
        with context.push():
            parts = [
                str(part.node.render_annotated(context)) if isinstance(part, OfThePage) else part
                for part in self.parts
            ]
            for row in rows:
                context[self.name] = row
                put_together(parts, row, context, html)
        return SafeString("".join(html))

    def part(self, node: Node) -> "Part | OfThePage":
        if isinstance(node, TextNode):
            return node.s
        if isinstance(node, CsrfTokenNode):
            return OfThePage(node)
        if isinstance(node, VariableNode):
            of = lookups(node.filter_expression)[0]
            if of == self.name or of in self.named or node.filter_expression.filters:
                return self.attribute(node.filter_expression) or node
            return OfThePage(node)
        if isinstance(node, IfNode):
            (condition, nodes), *others = node.conditions_nodelists
            is_so = self.attribute(getattr(condition, "value", None))
            if is_so and all(condition is None for condition, _nodes in others):
                other_nodes = [one for _none, other in others for one in other]
                return IfOfRow(is_so, self.inner(nodes), self.inner(other_nodes))
        return node

    def inner(self, nodes: Iterable[Node]) -> list[Part]:
        """Of what not each row has; what is of the page is read when it is shown."""
        parts = (self.part(node) for node in nodes)
        return [part.node if isinstance(part, OfThePage) else part for part in parts]

    def attribute(self, expression: FilterExpression | None) -> "attrgetter[Any] | None":
        """Of the row, if there is nothing else to it."""
        of, *attributes = lookups(expression)
        return attrgetter(".".join(attributes)) if of == self.name and attributes else None


def lookups(expression: FilterExpression | None) -> Sequence[str]:
    """Of `{{ row.name }}` *row* and *name*; nothing of a text, a number, or with a filter."""
    if expression is None or expression.filters:
        return [""]
    return getattr(expression.var, "lookups", None) or [""]


def put_together(parts: Iterable[Part], row: Any, context: Context, html: list[str]) -> None:
    for part in parts:
        if isinstance(part, str):
            html.append(part)
        elif isinstance(part, attrgetter):
            html.append(shown(part(row), context))
        elif isinstance(part, IfOfRow):
            put_together(part.chosen(row), row, context, html)
        else:
            html.append(str(part.render_annotated(context)))


def shown(value: Any, context: Context) -> str:
    """As `{{ value }}`."""
    if type(value) is SafeString:
        return value
    if type(value) is str and context.autoescape:
        return escape(value)  # Django's own looks for lazy texts first.
    if type(value) is int and context.use_l10n is False:
        return str(value)
    return render_value_in_context(value, context)


@register.tag
def each(parser: Parser, token: Token) -> EachNode:
    """As `{% for row in rows %}`, in a fraction of its time.

        {% each row in rows %}<li>{{ row.name }}{% if row.is_new %} …{% endif %}</li>{% endeach %}

    `{{ row.name }}` is an attribute, which must be there and is not called; so is what
    `{% if row.is_new %}` asks for. What is not of the row, as `{{ title }}` and `{% csrf_token %}`,
    is read once for all. Anything else is rendered as ever, without a `forloop`.
    """
    words = token.split_contents()
    if len(words) != 4 or words[2] != "in":
        raise TemplateSyntaxError("{% each %} is written as {% each row in rows %}.")
    _each, name, _in, rows = words
    nodelist = parser.parse(("endeach",))
    parser.delete_first_token()
    return EachNode(name, parser.compile_filter(rows), nodelist)
