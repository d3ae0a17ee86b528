"""Everybody's progress, added up again from their events (`bot audit progress`)."""

from bot.app import Service
from bot.progress import rebuilt

PAGE = 200  # people at once


async def audit(service: Service) -> tuple[int, list[str]]:
    """How many people were looked at, and every difference by person."""
    rule = service.catalogs.current.script.book.streaks
    now, after, count = service.clock.now(), "", 0
    found: list[str] = []
    while page := await service.store.people("all", now, after, PAGE):
        after = page[-1].id
        count += len(page)
        for person in page:
            events = await service.reads.earned(person.id)
            at = max(now, person.last_at)
            wrong = rebuilt.differences(person.progress, events, at, rule)
            found += [f"{person.id}: {line}" for line in wrong]
    return count, found
