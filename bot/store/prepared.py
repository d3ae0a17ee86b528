"""A decision on its way to the database: its rows, sealed, and the key of somebody new."""

from collections.abc import Callable
from typing import assert_never

from bot.errors import no_unicode
from bot.model.decision import Chain, Decision, Plan
from bot.store.cipher import PersonKey, Row, Vault
from bot.store.rows import Rows, chain_rows, decision_rows, plan_rows


class Prepared:
    """`rows` are empty until the person's key is at hand; `made` is the key of somebody new."""

    __slots__ = ("decided", "made", "person_id", "rows")

    def __init__(self, decided: Decision | Plan | Chain) -> None:
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
            raise no_unicode() from None

    def _fill(self, vault: Vault, read: Callable[[], Row | None] | None) -> bool:
        decided = self.decided
        first = decided.decisions[0] if isinstance(decided, Chain) else decided
        key, row = None, None
        if first.before is None:
            key, row = vault.make(self.person_id)
            self.made = key
        else:
            key = vault.find(self.person_id, read)
        if key is None:
            return False
        match decided:
            case Decision():
                self.rows = decision_rows(decided, key, row)
            case Chain():
                self.rows = chain_rows(decided, key, row)
            case Plan():
                self.rows = plan_rows(decided, key)
            case other:
                assert_never(other)
        return True
