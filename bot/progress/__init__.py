"""What a person has earned: streaks of days.

streaks   consecutive local days on which a person came by
"""
