"""Which account a text means: a handle, an address, a remote id, as people and other systems write them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from socius.connectors.files.networks import Identified, address, identify, normal

# network, kind, key, account
Known = tuple[str, str, str, int]


def spellings(text: str) -> tuple[str, list[str]]:
    """The network that an address belongs to ('' for a handle), and the keys under which the account may be known."""
    # `ann@social.example` is a federated handle, not the address of a page.
    federated = "@" in text.strip().lstrip("@") and "/" not in text
    found = None if federated else address(text)
    if found is None:
        return "", list(dict.fromkeys((normal(text), text)))
    return found.network, [key for key in (found.key, found.remote, normal(found.handle)) if key]


def identified(network: str, handle: str, url: str, remote_id: str) -> Identified:
    """What makes a single account recognisable: the same reading as of a row of a file."""
    return identify(network, handle, url, remote_id)


class Finder:
    """Looks up accounts by what a cell says; `whole` maps an account that is part of another to that one."""

    def __init__(self, identities: Iterable[Known], whole: Mapping[int, int]) -> None:
        self.whole = whole
        self.strong: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.weak: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.local: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.networks: dict[str, set[str]] = defaultdict(set)
        for network, kind, key, account in identities:
            (self.weak if kind == "name" else self.strong)[network, key].append(account)
            self.networks[key].add(network)
            # A federated handle is often written without its host: good enough where only one account has it.
            name, host, _ = key.partition("@")
            if host and kind == "handle":
                self.local[network, name].append(account)
                self.networks[name].add(network)

    def find(self, network: str, text: str) -> int | None:
        """The one account that a text means on a network ('' where that is not known); None for nobody or several.

        A handle, address or id goes before a mere name, which two accounts may share.
        """
        of, keys = spellings(text)
        for index in (self.strong, self.weak, self.local):
            hits = [
                account
                for key in keys
                for name in ([network or of] if network or of else sorted(self.networks[key]))
                for account in index.get((name, key), ())
            ]
            if hits:
                alone = len({self.whole.get(hit, hit) for hit in hits}) == 1
                return hits[0] if alone else None
        return None
