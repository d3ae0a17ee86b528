"""What a person has earned: streaks of days, XP and levels, points, achievements, boards.

rulebook      everything authors wrote about earning: actions, levels, habits, achievements,
              challenges
actions       the actions that earn XP: how much, how often a day, and what they are about
levels        the ladder of XP: ten levels, and what reaching one brings
habits        habit points: categories with weights, actions, and what a value is made of
achievements  achievements: a condition over counters each, a badge, points, and their words
award         what an action earns: its cap, base, weight and bonus, and the levels that are
              reached
points        points to spend: entries and lots of their own, never mixed with credits
holds         rewards that staff hands over: their points held until then, captured by it, or
              released
fold          what has been earned, from the awards one by one: live turns and the audit use the
              same sum
rebuilt       what somebody has earned, added up again from their events, and compared
leaderboards  leaderboards: the periods a score counts in, who is before whom, what a rank says
leagues   leagues: at most thirty people who were about as active, for a week
challenges    team challenges: a goal that a few people share, and what each award gives to it
pseudonyms    names on leaderboards: friendly ones made up for people, and what a chosen one may be
streaks   consecutive local days on which a person came by: counted, closed, frozen, repaired
settling  the dates of a streak closed as of now, and what that changes
runs      a run of days counted anew from what happened: kept, frozen, broken, repaired
pauses    dates on which a person plans to do nothing
days      which local date an instant belongs to, where zones, clocks and starts of days change
downtime  local dates on which we were down: nobody loses a streak by them
terms     the numbers of streaks: grace, freezes, repairs, pauses, milestones
telling   what became of a streak, as events: dates that were kept or lost, pauses, other zones
"""
