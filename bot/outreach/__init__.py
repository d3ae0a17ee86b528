"""One tick becomes messages to send.

plan       one person's part of a tick, in the gate order that is C3 of the specification
asks       what the rules ask for on a tick: messages by template, and whether a person is at risk
playbook   what a tick decides with: one catalog as the ticks see it, and the hour they run in
compose    the text of a message we begin, with the figures of the moment it is sent
policy     what rules/outreach.yaml says of quiet hours, caps and kinds of message
gates      what each gate says to one message: pass, hold, skip or expire, and why
timing     quiet hours in the person's zone, and the first moment outside them
frequency  how often we may begin: rolling and calendar windows over the contacts so far
keys       the send key of a message, unique for ever, and the ids and jitter derived from it
moves      strong moves of a market, told to its followers as alerts
hooks      what becomes of a message to a hook that could not be handed over
streaks    days that are over: streaks are closed for people who are not there
sessions   conversations that ended because nobody spoke for a while
"""
