"""Who speaks.

parse   voices: what authors say about each persona, and the rules its phrases keep
select  which voice speaks: the pinned one, else the verdict's, else the default
"""
