"""`{% load kept %}`: parts of a page that are the same for everybody, but for a few values."""

from collections.abc import Mapping
from typing import Any

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.defaulttags import CsrfTokenNode
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()

MOST = 500
"""So many of each part; a page's address, name or number times two languages is less. Of time zones
there are as many: those of a day's readers are less."""
PLAIN = (bool, int, str, SafeString, type(None))


class KeptNode(Node):
    child_nodelists = ()  # There are no blocks in it, for which a page looks each time.

    def __init__(self, nodelist: NodeList, values: Mapping[str, FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values
        self.kept: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        values = {name: one.resolve(context, True) for name, one in self.values.items()}
        # By their types too: a text that is escaped equals one that is safe.
        key = (get_language(), *values.values(), *map(type, values.values()))
        html = self.kept.get(key)
        if html is None:
            html = self.render_anew(context, values)
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = html
        return html

    def render_anew(self, context: Context, values: dict[str, Any]) -> str:
        """Of nothing but the values: what isn't named can't get in."""
        for name, value in values.items():
            if type(value) not in PLAIN:
                raise TypeError(
                    f"{name} of a kept part is a {type(value).__name__}, no plain value."
                )
        return self.nodelist.render(context.new(values))


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Render what is inside once for each language and for these values, in each process.

        {% kept here=request.resolver_match.view_name staff=user.is_staff %} … {% endkept %}

    Inside there is nothing of the page but the values, which are texts, numbers, yes and no. Let
    them be few: no names of people, no ids.
    """
    name, *bits = token.split_contents()
    values = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"{name} takes values as name=value, and not {' '.join(bits)}.")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    for kind, why in ((CsrfTokenNode, "differs"), (BlockNode, "would not be replaced")):
        if nodelist.get_nodes_by_type(kind):
            raise TemplateSyntaxError(f"A {kind.__name__} in a kept part {why}.")
    return KeptNode(nodelist, values)
