"""Points spent on a reward, or held until staff hands it over; given back by staff."""

from typing import Any

from msgspec.structs import replace

from bot.content.rewards import Reward
from bot.errors import RequestError
from bot.ledger.lots import Parts
from bot.ledger.postings import Posting, Transfer, derived_id
from bot.model.money import Redeemed
from bot.model.person import Person
from bot.model.progress import Award
from bot.people.calendar import DAY_US, rfc3339
from bot.progress import fold, holds, points
from bot.progress.habits import HUNDRED, nearest
from bot.talk import earning
from bot.talk.acts import Result
from bot.talk.case import Case, Done, Posted

REDEEMED, RETURNED, HANDED_OVER = "reward_redeemed", "reward_returned", "reward_handed_over"
REMEMBERED = 100  # of the latest redemptions; older ones are not given back any more


def redeem(case: Case) -> Done:
    """P3: a reward for its points, or for nothing where an achievement gave one that is free."""
    reward, person = reward_of(case), case.person
    is_free = bool(case.inbound.props.get("use_free"))
    if reason := why_not(case, reward, is_free):
        return Done(Result.REFUSED, person, body=_body(case, case, reward, "refused", 0, reason))
    done = exchanged(case, reward, case.inbound.id, is_free)
    after = replace(case, person=done.person)
    price = 0 if is_free else reward.points
    until = done.person.spending.redeemed[-1].held_until
    body = _body(case, after, reward, "held" if until else "redeemed", price)
    return replace(done, body=body | {"held_until": rfc3339(until) if until else None})


def exchanged(case: Case, reward: Reward, redeem_id: str, is_free: bool) -> Done:
    """The points out of their lots, and the reward noted; that it may be had was asked before.

    What staff hands over is only held until then; one that costs nothing has nothing to hold.
    """
    price = 0 if is_free else reward.points
    until = case.now + reward.within_days * DAY_US if price and reward.within_days else 0
    spending, posted = case.person.spending, Posted()
    parts: Parts = ()
    transfer_id = derived_id(case.person.id, "redeem", redeem_id)
    if price:
        transfer = Transfer(transfer_id, case.person.id, case.now)
        posting, parts = points.spent(transfer, spending, price, reward.id, until > 0)
        spending, posted = posting.spending, Posted(posting.entries)
    one = Redeemed(
        transfer_id, redeem_id, reward.id, case.now, parts, is_free, held_until=until
    )  # fmt: skip
    late = [old for old in spending.redeemed[:-REMEMBERED] if old.held_until]
    spending = replace(spending, redeemed=(*late, *spending.redeemed[-REMEMBERED:], one))
    props = {"reward": reward.id, "redeem_id": redeem_id}
    props |= {"held_until": rfc3339(until)} if until else {}
    done, person = _noted(case, REDEEMED, props, -1 if is_free else 0)
    return replace(done, person=replace(person, spending=spending), posted=posted)


def give_back(case: Case) -> Done:
    """P3: the points of a redemption back into the lots they came from; once."""
    found, spending = _found(case), case.person.spending
    transfer = Transfer(derived_id(found.id, "return"), case.person.id, case.now, "operator")
    if found.held_until:
        return _ended(case, found, holds.released(transfer, spending, found), RETURNED)
    posting = Posting((), spending)
    if found.parts:
        posting = points.given_back(transfer, spending, found.parts, found.reward, found.id)
    spending = holds.noted(posting.spending, replace(found, is_returned=True))
    return _ended(case, found, replace(posting, spending=spending), RETURNED)


def hand_over(case: Case) -> Done:
    """P3: staff gave what was asked for, so the points that were held are spent; once."""
    found = _found(case)
    if not found.held_until:
        raise RequestError("conflict", "it does not wait to be handed over", "redeem_id")
    transfer = Transfer(derived_id(found.id, "capture"), case.person.id, case.now, "operator")
    posting = holds.captured(transfer, case.person.spending, found)
    return _ended(case, found, posting, HANDED_OVER)


def _found(case: Case) -> Redeemed:
    """The redemption that staff names."""
    wanted = str(case.slots["redeem_id"])
    redeemed = case.person.spending.redeemed
    found = next((one for one in redeemed if one.redeem_id == wanted), None)
    if found is None:
        raise RequestError("unknown", "no redemption of late has this id", "redeem_id")
    if found.is_returned:
        raise RequestError("conflict", "its points went back before", "redeem_id")
    return found


def _ended(case: Case, found: Redeemed, posting: Posting, name: str) -> Done:
    """What staff decided, as an event and an answer."""
    is_back = name == RETURNED
    props = {"reward": found.reward, "redeem_id": found.redeem_id}
    done, person = _noted(case, name, props, 1 if is_back and found.is_free else 0)
    person = replace(person, spending=posting.spending)
    body = {
        "outcome": name.removeprefix("reward_"), "user_id": person.id,
        "redeem_id": found.redeem_id,
        "points": sum(part for _, part in found.parts) / HUNDRED,
        "total_points": points.balance(person.spending, person.spending.last_at) / HUNDRED,
    }  # fmt: skip
    return replace(done, person=person, posted=Posted(posting.entries), body=body)


def reward_of(case: Case) -> Reward:
    """The reward that a call names, in the person's words."""
    rewards = case.script.content.rewards_in(case.person.profile.language)
    name = str(case.inbound.props["reward_id"])
    if name not in rewards:
        hint = nearest(name, rewards)
        raise RequestError("bad_input", f"there is no reward '{name}': {hint}", "reward_id")
    return rewards[name]


def why_not(case: Case, reward: Reward, is_free: bool) -> str:
    """Why it may not be had now; empty where it may."""
    return refusal(case.person, reward, is_free, case.now)


def refusal(person: Person, reward: Reward, is_free: bool, now: int) -> str:
    """The same, outside of a turn."""
    spending = person.spending
    had = sum(one.reward == reward.id and not one.is_returned for one in spending.redeemed)
    if reward.per_person and had >= reward.per_person:
        return "had_before"
    if is_free:
        return "" if person.progress.free_rewards > 0 else "no_free_reward"
    return "insufficient_points" if points.balance(spending, now) < reward.points else ""


def _noted(case: Case, name: str, props: dict[str, Any], free: int) -> tuple[Done, Person]:
    """The event of it, which is an award that earns nothing."""
    what = earning.happened(case, name)
    one = Award(
        case.person.progress.awards + 1, name, what.at, what.day, what.zone, what.heard, free=free
    )
    progress = fold.applied(case.person.progress, one, case.script.book.streaks)
    event = earning.event_of(case, one, props)
    person = replace(case.person, progress=progress)
    return Done(Result.TOLD, person, events=(event,)), person


def _body(
    case: Case, after: Case, reward: Reward, outcome: str, price: int, reason: str = ""
) -> dict[str, Any]:
    spending = after.person.spending
    return {
        "outcome": outcome,
        "user_id": case.person.id,
        "redeem_id": case.inbound.id,
        "reward_id": reward.id,
        "title": reward.title,
        "points": price / HUNDRED,
        "total_points": points.balance(spending, max(case.now, spending.last_at)) / HUNDRED,
        "free_rewards": after.person.progress.free_rewards,
        "reason": reason or None,
        "created_at": rfc3339(case.now),
    }
