"""Who we talk to: calendar, duty, profile, skill, engagement, consent, languages.

calendar    local days, weeks and months as instants, in zones whose clocks jump
duty        hours in which somebody is on duty, by weekday, in a zone whose clock may jump
profile     what a person tells us about themselves, and how it may change
skill       how skilled a person is, by what they finished
engagement  how engaged a person is, 0 to 1: recency, frequency, depth and decay
consent     what a person agreed to, and how long a no is remembered
locales     words by language: a person's own where there are some, else English
countries   the country a zone lies in, and the clocks of a country, as the zone database has them
"""
