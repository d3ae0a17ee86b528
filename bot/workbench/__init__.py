"""What authors and operators run: check, try, test, explain, control.

bazaar     the market of a story: simulated, until the story moves it or it falls silent
check      bot check: every mistake of the authored files, and what they cost
control    commands handed to the running server over a socket in the data folder
doors      what a step of a story asks for, as the doors of the server would hand it on
expected   what a story may expect of one step, and how what came is compared with it
explain    bot explain: why a turn was answered as it was
exports    bot export: events or balances of everybody, as NDJSON or CSV, a page at a time
names      what a story may name: states, replies, rules and the like of a catalog
rebuild    everybody's progress, added up again from their events (`bot audit progress`)
reached    what the stories reached of the shipped files, and what none of them did
setup      where a story begins: the settings it is played with, and the person it is about
stage      a whole service on a frozen clock, on which one story is played
stories    bot test: whole conversations on a frozen clock, and what they reached
storybook  a whole conversation as authors write it: who, when, what happens, and what is expected
tryout     bot try: a conversation in the terminal on a clock that is moved by hand
"""
