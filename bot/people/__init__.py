"""Who we talk to: calendar, profile, skill, engagement, consent."""
