"""The proof that delivery can be relied on: real processes, killed at random, against what must have happened.

Several schedulers and web servers share one database. A clock of the run's own, which jumps three weeks, moves them
all; a mail server delays, refuses and hangs up; vendors answer over HTTP, some of them twice at once; and any of the
processes is killed, without a word, at any moment. Afterwards what was received is laid beside what was to be expected,
row by row: requests, steps, messages, deliveries, answers, files, receipts, the trail and the findings.

``make chaos`` runs it whole; ``test_delivery.py`` is a smaller run. What happens when is decided by the operating
system as much as by the seed, so that a seed repeats the plan of a run and not its every instant.
"""
