"""One Inbound becomes one Decision.

decide      one Inbound becomes one Decision: the hops, in order
abreast     decisions made abreast: each hop for everybody before the next, so that its code stays
            warm
understand  what a text means: authored phrases, then typos, then the classifier, else what is
            nearest
dialogue    where a conversation stands: every change of its state is a trigger of one shared
            machine
commands    what is asked for without money changing hands: profile, limits, pauses, market,
            erasing
daily       when a person's days start, and pauses of their streak, as a call or a message asks for
            them
joining     onto the leaderboards and off them: only by one's own wish, under a name that says
            nothing
charges     what comes of an offer, a charge and a no: credits, ownership, the lesson and its words
opening     what a message asks for, as a case, and the scene that rules judge
acting      something a person did outside the chat: counted, awarded, answered
earning     what a turn earns: awards, their events, points in the ledger, and who is told of it
            how
redeeming   points spent on a reward, or held until staff hands it over; given back by staff
rewarding   rewards in a conversation: shown, their price told as a question, had after a yes
placing     where somebody stands on the boards, told in a conversation; on them and off them by a
            wish
teaming     team challenges: a team is opened, joined and left, told of, and has what its goal
            brings
merits      what a person earned, as variables of the templates: XP, levels, points, streak, badges
grounds     why the last answer was what it was: how it was understood, what decided, whose voice
            it is
expiring    points that expire, where bot.toml says so: until when, and who is told of it how early
asks        which item an Inbound is about: named, on offer, or the next depth of a topic
case        what the hops hand on: one Inbound being decided, and how its command turned out
conclude    what a turn leaves behind: the person's memory of it, the trace, the Decision
answers     which words an answer is made of, and how they go over the wire
texts       which authored text an act of the answer stands for
words       the variables of the templates, computed only when a text asks for them
arrivals    who an Inbound finds: somebody new with a welcome, or the person as time has left them
rating      one to five stars for a finished topic: asked now and then, answered or not
hooked      what the operator's hooks are told: rows of the outbox, which the tick delivers, signed
handoff     somebody wants to talk to a person: noted once, told honestly, ended by staff
staff       what operators do for a person: top-ups, refunds, voids; Inbounds like any other
acts        what a dialogue may ask talk.decide to do, and how each of these may turn out
story       the authored dialogue: states, transitions, conditions, and every mistake in them
sound       whether an authored dialogue is sound: names exist, results lead on, states come and go
forms       forms of the authored dialogue: fields asked one after another, each of which may stay
            open
filling     what a form asks for and a person answers: the profile, field by field
quizzing    a quiz of a topic, question by question, and what finishing it means
intents     content/<locale>/intents.yaml as read: phrases, words for slots, and every mistake in
            them
phrases     authored phrases with {slot} holes, compiled so that a heard text is looked up, not
            searched
slots       what fills the holes of a phrase: topics, assets, amounts, durations, zones and the
            like
typos       texts that nearly are a phrase: misspelt words mended, whole phrases compared
classify    a linear classifier over words, pairs of words and parts of words, read from flat
            tables
guess       what the classifier makes of a text no phrase fits: an intent and its slots, or what is
            near
corpus      what the classifier is taught: every authored phrase and example, its holes as
            placeholders
importing   history of one person that is brought in: counted as one, without rules, news or
            messages
script      what every decision is made with: the compiled files, and the moment
alarm       whether somebody may not want to go on: the words of crisis.yaml, in every language
care        what follows words of somebody who may not want to go on: help, and a week without
            selling
despair     how much a text sounds like despair: words and pairs of words, weighed as labelled
            texts taught
signs       words that mean one thing wherever they stand in a text: patterns with choices and
            gaps
feelings    how a message sounds: feelings and urgency, weighed from word lists with denials
dates       dates as people say them: heard without a clock, made a day of the calendar with one
parting     where a text of two questions falls into two
questions   the one question of a message, or its two: what each means, and which of them is only
            told
pairs       two questions in one message: which is answered beside the other, and in which order
referring   what a message points back to: the topic or asset named before, or the wish it corrects
tongues     everything that is heard, compiled by language: phrases, words for holes, moods, signs
"""
