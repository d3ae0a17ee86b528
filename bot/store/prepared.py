"""A decision on its way to the database: its rows, sealed, and the key of somebody new."""

from collections.abc import Callable

from bot.errors import RequestError
from bot.model.decision import Decision, Plan
from bot.store.cipher import PersonKey, Row, Vault
from bot.store.rows import Rows, decision_rows, plan_rows


class Prepared:
    """`rows` are empty until the person's key is at hand; `made` is the key of somebody new."""

    __slots__ = ("decided", "made", "person_id", "rows")

    def __init__(self, decided: Decision | Plan) -> None:
        self.decided, self.person_id = decided, decided.person.id
        self.rows: Rows = []
        self.made: PersonKey | None = None

    def fill(self, vault: Vault, read: Callable[[], Row | None] | None = None) -> bool:
        """Make the rows; false when there is no key: in memory, or where `read` looks.

        Raises RequestError for text that no database holds; then nothing was written.
        """
        try:
            return self._fill(vault, read)
        except UnicodeError:
            raise bad_text() from None

    def _fill(self, vault: Vault, read: Callable[[], Row | None] | None) -> bool:
        decided = self.decided
        if isinstance(decided, Decision) and decided.before is None:
            self.made, row = vault.make(self.person_id)
            self.rows = decision_rows(decided, self.made, row)
            return True
        key = vault.find(self.person_id, read)
        if key is None:
            return False
        if isinstance(decided, Decision):
            self.rows = decision_rows(decided, key, None)
        else:
            self.rows = plan_rows(decided, key)
        return True


def bad_text() -> RequestError:
    return RequestError("bad_input", "text must be Unicode without lone surrogates")
