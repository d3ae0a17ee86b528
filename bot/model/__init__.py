"""Every noun that two rooms share, frozen, without logic.

person    who we talk to: profile, consent, spending, progress and what they have seen
progress  what a person has earned: streak, XP, points, counts, achievements; a score on a board
team      a team challenge: what a person carries of their team, and a whole team as it stands
money     credits: tiers, lots, caps, entries and the outcome of an unlock
message   what comes in and what goes out: Inbound, Intent, Reply, Message, Delivery, Event, Market
risk      the risk that somebody leaves, as it was reckoned one night: score, level, reasons
decision  what a turn or a tick decided: the only things a store commits
"""
