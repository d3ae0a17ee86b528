"""Rewards in a conversation: shown, their price told as a question, had after a yes."""

from typing import Any

from bot.content.rewards import Reward
from bot.progress import points
from bot.talk import redeeming
from bot.talk.acts import Result
from bot.talk.case import Case, Done
from bot.talk.merits import plain

REWARD, PRICE = "reward", "points"  # what a conversation keeps of an open question


def offer(case: Case) -> Done:
    """What a reward costs, as a question; all of them where none is named."""
    reward = _wanted(case)
    if reward is None:
        return Done(Result.REFUSED, case.person, "rewards")
    is_free = case.person.progress.free_rewards > 0
    if reason := redeeming.why_not(case, reward, is_free):
        words = {**_words(case, reward, is_free), "reason": reason}
        return Done(Result.REFUSED, case.person, "reward_refused", words=words)
    data = {REWARD: reward.id, PRICE: str(_price(reward, is_free))}
    words = _words(case, reward, is_free)
    return Done(Result.REWARD_OFFERED, case.person, "reward_offer", words=words, data=data)


def redeem(case: Case) -> Done:
    """A yes to what was told: had at that price, or asked anew where it changed meanwhile."""
    reward = _wanted(case)
    is_free = case.person.progress.free_rewards > 0
    told = case.person.state.data.get(PRICE)
    if reward is None or str(_price(reward, is_free)) != told:
        return offer(case)
    if redeeming.why_not(case, reward, is_free):
        return offer(case)
    words = _words(case, reward, is_free)
    done = redeeming.exchanged(case, reward, f"turn:{case.moment.turn_id}", is_free)
    until = done.person.spending.redeemed[-1].held_until
    return Done(
        Result.TOLD,
        done.person,
        "reward_held" if until else "reward_redeemed",
        words=words | {"_until": until} if until else words,
        posted=done.posted,
        events=done.events,
    )


def _wanted(case: Case) -> Reward | None:
    """The reward that is named, else the one that was asked about."""
    name = str(case.slots.get(REWARD) or case.person.state.data.get(REWARD, ""))
    return case.script.content.rewards_in(case.person.profile.language).get(name)


def _price(reward: Reward, is_free: bool) -> int:
    return 0 if is_free else reward.points


def _words(case: Case, reward: Reward, is_free: bool) -> dict[str, Any]:
    price = _price(reward, is_free)
    held = points.balance(case.person.spending, case.now)
    return {
        "reward": reward.title,
        "reward_points": plain(price),
        "points_after": plain(max(0, held - price)),
        "points_missing": plain(max(0, price - held)),
    }
