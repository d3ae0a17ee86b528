"""What is said: parse, choose, render.

parse     content/ and the phrases of personas/ as compiled texts: replies, lessons, notifications
texts     replies and notifications: their variants, their choices, and every mistake in them
topics    lessons: topics in depths, and the items that can be unlocked
quizzes   quizzes: what is asked after a topic's lessons, with an explanation of each answer
pages     the texts of a person's page: by name, each a template like those of replies
courses   courses: topics in the order a teacher would take them
rewards   what points buy: content/<locale>/rewards.yaml
lint      every text that is said, looked at: policy, what voices never say, Markdown, the no
formats   how a language writes dates, spans, money and the words that code fills into texts
labels    the widget's own words: its buttons, its notices and its settings
wording   phrases of a policy, found in a text word by word
policy    what persuasion may not do: promises of gain, a machine posing as human, guilt at
          leaving
schema    the variables a template may use: their kinds, meanings and what stands in when absent
allowed   which variables each text may use: replies that code names, other replies, lessons,
          messages
dialect   the template dialect: what of jinja2 authors may write, checked when files load
filters   the filters of the template dialect: small total functions, the only ones there are
compile   templates as functions: compiled to plain Python, or left to jinja2 where that is asked
          for
markdown  small Markdown as blocks: strong, em, code, https and mailto links, lists, paragraphs
choose    which of the authored texts is said: by name, persona, locale and dice
render    chosen texts with their variables filled in: plain text, blocks and choices
crisis    the one answer to words of somebody who may not want to go on, by language and country
"""
