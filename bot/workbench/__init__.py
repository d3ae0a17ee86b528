"""What authors and operators run: check, try, test, explain, control.

check      bot check: every mistake of the authored files, and what they cost
control    commands handed to the running server over a socket in the data folder
expected   what a story may expect of one step, and how what came is compared with it
explain    bot explain: why a turn was answered as it was
reached    what the stories reached of the shipped files, and what none of them did
setup      the person of a story, brought to where the story begins
stage      a whole service on a frozen clock, on which one story is played
stories    bot test: whole conversations on a frozen clock, and what they reached
storybook  a whole conversation as authors write it: who, when, what happens, and what is expected
tryout     bot try: a conversation in the terminal on a clock that is moved by hand
"""
