"""What a person has earned: streaks of days, XP and levels, habit points.

rulebook  everything authors wrote about earning: actions, levels, habits
actions   the actions that earn XP: how much, how often a day, and what they are about
levels    the ladder of XP: ten levels, and what reaching one brings
habits    habit points: categories with weights, actions, and what a value is made of
streaks   consecutive local days on which a person came by
award     what an action earns: its cap, base, weight and bonus, and the levels that are reached
fold      what has been earned, from the awards one by one: live turns and the audit use the same
          sum
"""
