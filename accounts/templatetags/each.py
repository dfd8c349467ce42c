"""`{% load each %}`: a loop over many rows, most of which is the same in each."""

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
from django.template.defaulttags import CsrfTokenNode
from django.utils.safestring import SafeString

register = Library()

NAMES = ("asvar", "target_var", "variable_name", "var_name")
"""Where tags keep the name that they give to something, as in `{% translate "Save" as word %}`."""


@dataclass(frozen=True)
class OfThePage:
    """What is the same in each row."""

    node: Node


Part: TypeAlias = "str | attrgetter[Any] | OfThePage | Node"


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
            parts: list[str | attrgetter[Any] | Node] = [
                str(part.node.render_annotated(context)) if isinstance(part, OfThePage) else part
                for part in self.parts
            ]
            for row in rows:
                context[self.name] = row
                for part in parts:
                    if isinstance(part, str):
                        html.append(part)
                    elif isinstance(part, attrgetter):
                        html.append(shown(part(row), context))
                    else:
                        html.append(str(part.render_annotated(context)))
        return SafeString("".join(html))

    def part(self, node: Node) -> Part:
        if isinstance(node, TextNode):
            return node.s
        if isinstance(node, CsrfTokenNode):
            return OfThePage(node)
        if isinstance(node, VariableNode) and not node.filter_expression.filters:
            of, *attributes = getattr(node.filter_expression.var, "lookups", None) or ("",)
            if of != self.name:
                return node if of in self.named else OfThePage(node)
            if attributes:
                return attrgetter(".".join(attributes))
        return node


def shown(value: Any, context: Context) -> str:
    """As `{{ value }}`."""
    if type(value) is SafeString:
        return value
    if type(value) is str and context.autoescape:
        return escape(value)  # Django's own looks for lazy texts first.
    return render_value_in_context(value, context)


@register.tag
def each(parser: Parser, token: Token) -> EachNode:
    """As `{% for row in rows %}`, in a fraction of its time.

        {% each row in rows %}<li>{{ row.name }}{% if row.is_new %} …{% endif %}</li>{% endeach %}

    `{{ row.name }}` is an attribute, which must be there and is not called. What is not of the row,
    as `{{ title }}` and `{% csrf_token %}`, is read once for all. Anything else is rendered as
    ever, without a `forloop`.
    """
    words = token.split_contents()
    if len(words) != 4 or words[2] != "in":
        raise TemplateSyntaxError("{% each %} is written as {% each row in rows %}.")
    _each, name, _in, rows = words
    nodelist = parser.parse(("endeach",))
    parser.delete_first_token()
    return EachNode(name, parser.compile_filter(rows), nodelist)
