"""One root; a leaf exists only where a caller can act on it. A message says what, where, what to do."""

from __future__ import annotations


class SociusError(Exception):
    """Root of our errors; `str()` of it is a sentence for a person."""

    exit_status = 1
    http_status = 400


class Refused(SociusError):
    """The actor lacks the Right. `right` and `node` go to the ledger; the message names the smallest missing thing."""

    exit_status = 3
    http_status = 403

    def __init__(self, say: str, *, right: str, node: str, sees: bool = True) -> None:
        super().__init__(say)
        self.right = right
        self.node = node
        # A person without any see-right on the object must not learn that it exists.
        self.http_status = 403 if sees else 404


class Invalid(SociusError):
    """The input breaks a rule. `field` names the place, `repair` the way out."""

    http_status = 422

    def __init__(
        self, say: str, *, field: str = "", repair: str = "", code: str = "invalid"
    ) -> None:
        super().__init__(f"{say} {repair}".strip())
        self.say = say
        self.field = field
        self.repair = repair
        self.code = code


class Usage(Invalid):
    """The words of a command do not make one."""

    exit_status = 2


class NotFound(SociusError):
    """No such object, or none that the actor may know of."""

    http_status = 404


class Conflict(SociusError):
    """The object changed, or is in a state in which this cannot be done."""

    http_status = 409


class Misconfigured(SociusError):
    """The program cannot start; the message names the setting."""

    exit_status = 2
