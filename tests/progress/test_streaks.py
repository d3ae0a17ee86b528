"""A streak counts local days in a row: each once, some kept, some repaired (S1-S11)."""

import pytest

from bot.model.progress import Streak
from bot.progress import pauses, streaks
from bot.progress.terms import StreakRule
from tests.progress.lived import act, acted, at, number


def length(streak: Streak, day: int, clock: str = "12:00") -> int:
    return streaks.current(streak, at(day, clock))


def states(streak: Streak, day: int, clock: str = "12:00") -> list[str]:
    return [one.state for one in streaks.week(streak, at(day, clock), "Europe/Helsinki")]


def test_a_day_counts_once_and_today_counts_once_it_is_done():  # S1, S3
    first = act(Streak(), 1, "09:00")
    assert (first.is_counted, first.day, length(first.streak, 1)) == (True, number(1), 1)
    again = act(first.streak, 1, "21:00")
    assert (again.is_counted, length(again.streak, 1, "22:00")) == (False, 1)
    assert length(again.streak, 2) == 1
    assert length(act(again.streak, 2).streak, 2) == 2


def test_a_streak_is_not_broken_until_two_hours_after_the_local_end():  # S3
    streak = acted(1, 2, 3)
    assert length(streak, 4, "23:59") == 3
    assert length(streak, 5, "01:59") == 3
    assert length(streak, 5, "02:00") == 0
    closed = streaks.closed(streak, at(5, "02:00"))
    assert closed.broken == (number(4), 3)


def test_within_the_grace_what_is_learnt_late_still_counts_on_its_date():  # S3, E3
    streak = acted(1, 2)
    now = at(4, "01:30")
    change = streaks.counted(streak, at(3, "23:50"), now, "Europe/Helsinki")
    assert (change.day, streaks.current(change.streak, now)) == (number(3), 3)


def test_an_action_in_the_grace_is_of_the_new_date_and_waits_for_the_old_one():  # S1, S3
    streak = act(acted(1, 2), 4, "01:00").streak
    assert length(streak, 4, "01:00") == 2
    assert length(streak, 4, "02:00") == 1
    kept = streaks.granted(acted(1, 2), 1, at(2, "13:00"), "Europe/Helsinki").streak
    assert length(act(kept, 4, "01:00").streak, 4, "02:00") == 3


def test_freezes_are_earned_at_7_30_and_100_days():  # S6
    streak, earned = Streak(), {}
    for day in range(1, 101):
        change = act(streak, day)
        streak = change.streak
        if change.earned:
            earned[day] = streaks.standing(streak, at(day)).freezes
    assert earned == {7: 1, 30: 2, 100: 3}


def test_a_freeze_keeps_a_missed_day_and_does_not_lengthen():  # S6
    streak = acted(*range(1, 8))
    change = act(streak, 9)
    assert change.frozen == (number(8),)
    assert (length(change.streak, 9), streaks.standing(change.streak, at(9)).freezes) == (8, 0)
    assert states(change.streak, 9)[-3:] == ["done", "frozen", "done"]


def test_each_missed_day_takes_one_freeze_the_oldest_first():  # S6
    streak = streaks.granted(acted(*range(1, 8)), 2, at(7), "Europe/Helsinki").streak
    closed = streaks.closed(streak, at(11, "01:00"))
    assert closed.frozen == (number(8), number(9))
    closed = streaks.closed(streak, at(15))
    assert closed.frozen == (number(8), number(9), number(10))
    assert closed.broken == (number(11), 7)


def test_a_date_takes_the_oldest_freeze():  # S6
    streak = streaks.granted(acted(1, 2, 3), 1, at(3), "Europe/Helsinki").streak
    streak = streaks.granted(acted(4, 5, 6, streak=streak), 1, at(6), "Europe/Helsinki").streak
    later = act(act(streak, 8).streak, 12).streak
    assert later.run.freezes == (number(6), number(8))


def test_at_most_nine_freezes_are_held_and_it_says_so():  # S6
    streak = streaks.granted(acted(1, 2, 3, 4, 5, 6), 8, at(6), "Europe/Helsinki").streak
    full = streaks.granted(streak, 3, at(6, "13:00"), "Europe/Helsinki")
    assert (full.earned, full.lost) == (1, 2)
    seventh = act(full.streak, 7)
    assert (seventh.earned, seventh.lost) == (0, 1)
    assert streaks.standing(seventh.streak, at(7)).freezes == 9


def test_doing_it_twice_within_48_hours_of_a_break_restores_the_run():  # S7
    streak = act(acted(1, 2, 3, 4, 5), 7, "10:00").streak
    assert length(streak, 7) == 1
    offered = streaks.standing(streak, at(7)).repairable
    assert offered is not None and offered.days == 5
    change = act(streak, 7, "18:00")
    assert (change.repaired, length(change.streak, 7, "18:00")) == (5, 6)
    assert states(change.streak, 7)[-3:] == ["done", "repaired", "done"]
    assert streaks.standing(change.streak, at(7, "18:00")).repairable is None


def test_both_missed_days_of_48_hours_are_repaired_and_no_third():  # S7
    streak = acted(1, 2, 3, 4, 5)
    twice = act(act(streak, 8, "10:00").streak, 8, "11:00")
    assert (twice.repaired, length(twice.streak, 8, "11:00")) == (5, 6)
    late = act(act(streak, 9, "01:00").streak, 9, "02:01")
    assert (late.repaired, length(late.streak, 9, "02:01")) == (0, 1)


def test_a_repair_is_used_once_in_30_days():  # S7
    bare = StreakRule(freezes=())
    streak = acted(1, 2, 3, 4, 5, 7, 7, 8, 10, 10, rule=bare)
    assert streaks.current(streak, at(10), bare) == 1
    for day, restored in ((36, 0), (37, 26)):  # 29 and 30 days after the repair
        lived = acted(*range(11, day - 1), day, rule=bare, streak=streak)
        assert act(lived, day, "18:00", rule=bare).repaired == restored


def test_a_run_of_one_day_does_not_use_up_the_repair():  # S7
    streak = act(acted(1, 3), 3, "18:00").streak
    assert (length(streak, 3, "18:00"), streak.run.repaired) == (1, 0)


def test_milestones_are_told_once_a_run_and_not_again_after_a_repair():  # S8
    streak, told = Streak(), []
    for day in range(1, 15):
        change = act(streak, day)
        streak = change.streak
        told += [(day, reached) for reached in change.milestones]
    assert told == [(7, 7), (14, 14)]
    streak = act(act(streak, 17).streak, 17, "13:00").streak
    assert length(streak, 17, "13:00") == 15
    assert act(streak, 18).milestones == ()


def test_a_new_run_tells_its_milestones_again():  # S8
    streak = acted(*range(1, 8))
    told = [act(streak := acted(day, streak=streak), day).milestones for day in range(20, 26)]
    assert not any(told)
    assert act(streak, 26).milestones == (7,)


def test_a_milestone_reached_by_a_closing_is_told_by_the_next_action():  # S8, S9
    streak = streaks.granted(acted(*range(1, 7)), 1, at(6), "Europe/Helsinki").streak
    waiting = act(streak, 8, "00:30")
    assert waiting.milestones == ()
    swept = streaks.closed(waiting.streak, at(8, "02:00")).streak
    assert (swept.owed, length(swept, 8, "02:00")) == ((7,), 7)
    assert act(swept, 8).milestones == (7,)
    assert act(act(swept, 8).streak, 8, "13:00").milestones == ()


def test_closing_again_changes_and_tells_nothing():  # S9
    streak = acted(*range(1, 8))
    once = streaks.closed(streak, at(10))
    again = streaks.closed(once.streak, at(10))
    assert (once.frozen, once.broken) == ((number(8),), (number(9), 7))
    assert again == streaks.Change(once.streak)


def test_planned_days_keep_a_streak():  # S10
    planned = pauses.planned(acted(1, 2, 3), number(4), 3, at(3), "Europe/Helsinki")
    assert (planned.refused, planned.left) == (None, 27)
    streak = planned.streak
    assert length(act(streak, 7).streak, 7) == 4
    assert states(streak, 7)[-4:] == ["paused", "paused", "paused", "today"]
    assert length(act(streak, 5).streak, 5) == 4
    assert length(streak, 8, "02:00") == 0


def test_a_pause_begins_today_or_later_and_lasts_30_days_a_year():  # S10
    streak = acted(1, 2)
    zone = "Europe/Helsinki"
    assert pauses.planned(streak, number(1), 2, at(2), zone).refused == "in_the_past"
    assert pauses.planned(streak, number(3), 0, at(2), zone).refused == "no_days"
    assert pauses.planned(streak, number(3), 31, at(2), zone).refused == "too_long"
    whole = pauses.planned(streak, number(3), 30, at(2), zone)
    assert (whole.refused, whole.left) == (None, 0)
    assert pauses.planned(whole.streak, number(40), 1, at(3), zone).refused == "too_long"
    again = pauses.planned(whole.streak, number(5), 4, at(3), zone)
    assert again.streak.pauses == whole.streak.pauses
    next_year = pauses.planned(whole.streak, number(362), 30, at(3), zone)
    assert (next_year.refused, next_year.left) == (None, 0)  # 2027-01-01
    cut = pauses.ended(whole.streak, at(6))
    assert cut.pauses == ((number(3), number(5)),)


@pytest.mark.parametrize(
    ("down", "state"),
    [
        (("4T22:00", "4T23:30"), "amnesty"),
        (("4T08:00", "4T20:00"), "amnesty"),
        (("4T23:45", "5T06:00"), "missed"),
        (("4T10:00", "4T13:00"), "missed"),
    ],
)
def test_no_streak_is_lost_by_our_own_downtime(down, state):
    streak = acted(1, 2, 3)
    outage = tuple(at(int(text[0]), text[2:]) for text in down)
    change = act(streak, 5, outages=(outage,))
    assert states(change.streak, 5)[-2] == state
    assert length(change.streak, 5) == (4 if state == "amnesty" else 1)


def test_what_is_late_gives_back_the_freeze():  # E3
    streak = acted(*range(1, 8), 9)
    late = streaks.counted(streak, at(8, "20:00"), at(10, "09:00"), "Europe/Helsinki")
    assert late.given_back == (number(8),)
    assert (length(late.streak, 10), streaks.standing(late.streak, at(10)).freezes) == (9, 1)


def test_what_is_late_heals_a_break():  # E3
    streak = acted(1, 2, 3, 5, 6)
    assert length(streak, 6) == 2
    late = streaks.counted(streak, at(4, "20:00"), at(6, "20:00"), "Europe/Helsinki")
    assert (late.is_healed, length(late.streak, 6, "20:00")) == (True, 6)
    assert late.broken is None


def test_a_freeze_given_back_keeps_a_later_day():  # E3, S6
    streak = streaks.granted(acted(1, 2, 3), 1, at(3), "Europe/Helsinki").streak
    closed = streaks.closed(streak, at(6, "09:00"))
    assert (closed.frozen, closed.broken) == ((number(4),), (number(5), 3))
    late = streaks.counted(closed.streak, at(4), at(6, "10:00"), "Europe/Helsinki")
    assert (late.given_back, late.frozen) == ((number(4),), (number(5),))
    assert length(late.streak, 6) == 4


def test_what_is_more_than_72_hours_late_changes_nothing():  # E3
    streak = acted(1, 2, 3, 5, 6, 7, 8)
    late = streaks.counted(streak, at(4), at(8), "Europe/Helsinki")
    assert (late.is_too_late, late.is_counted, length(late.streak, 8)) == (True, False, 4)


def test_the_numbers_may_be_others():
    rule = StreakRule(grace_h=0, freezes=(2,), most_held=1, milestones=(3,))
    streak = acted(1, 2, rule=rule)
    assert streaks.standing(streak, at(2), rule).freezes == 1
    assert streaks.current(streak, at(5, "00:00"), rule) == 0
    assert act(streak, 3, rule=rule).milestones == (3,)


def test_the_habit_bonus_grows_from_the_third_day_to_a_half():  # S11
    assert [streaks.bonus_percent(n) for n in (0, 1, 2, 3, 7, 9, 10, 11, 400)] == [
        *(0, 0, 0, 15, 35, 45, 50, 50, 50)
    ]
