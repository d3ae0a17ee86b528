"""What authors and operators run: check, try, explain, control.

check     bot check: every mistake of the authored files, and what they cost
control   commands handed to the running server over a socket in the data folder
explain   bot explain: why a turn was answered as it was
tryout    bot try: a conversation in the terminal on a clock that is moved by hand
"""
