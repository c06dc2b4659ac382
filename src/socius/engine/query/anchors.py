"""Which atoms a query cannot match without, computed on its tree: a message evaluates only the queries filed under an atom it holds."""

from __future__ import annotations

from collections.abc import Mapping

from socius.engine.query.tree import And, Field, Near, Node, Not, Or, Phrase, Prefix, Tag, Word

Leaf = Word | Prefix | Tag | Field
UNKNOWN = 2000.0  # documents in a million that hold a short word of unknown frequency
FIELD_COST = {"author": 5.0, "link": 50.0, "from": 1000.0, "to": 1000.0}
ANY_FIELD = 200_000.0
NEVER = float("inf")


class Anchors:
    """Frequencies change speed only, never results."""

    def __init__(self, frequency: Mapping[str, float]) -> None:
        self.frequency = frequency

    def cost(self, leaf: Leaf) -> float:
        """Expected documents with this atom."""
        if isinstance(leaf, Field):
            return FIELD_COST.get(leaf.name, ANY_FIELD)
        guess = max(1.0, UNKNOWN / 2.0 ** min(len(leaf.text), 30))
        known = self.frequency.get(leaf.text, guess)
        if isinstance(leaf, Tag):
            return known / 10
        return known * 20 if isinstance(leaf, Prefix) else known

    def of(self, node: Node) -> tuple[float, frozenset[Leaf]]:
        """The cheapest necessary set below this node and its cost; infinite where there is none."""
        if isinstance(node, Not):
            return NEVER, frozenset()
        if isinstance(node, Or):
            sets = [self.of(c) for c in node.children]
            return sum(c for c, _ in sets), frozenset[Leaf]().union(*(s for _, s in sets))
        if isinstance(node, And):
            return min((self.of(c) for c in node.children), key=lambda pair: pair[0])
        if isinstance(node, Phrase):
            return min((self.of(p) for p in node.parts), key=lambda pair: pair[0])
        if isinstance(node, Near):
            return min(self.of(node.left), self.of(node.right), key=lambda pair: pair[0])
        return self.cost(node), frozenset({node})
