"""How often an answer may be saved, and how much may lie beside it: what no page of ours meets."""

from datetime import timedelta

SAVE_INTERVAL = timedelta(seconds=1)
"""One save each, in the long run. A page saves 1.5 s after typing stops and else every 8 s (Rules
of saving, 1), so typing alone stays below two thirds of it."""

SAVE_BURST = 20
"""So many at once, after a rest: leaving the field, flags, the way through the questions and the
second tries over a bad network come on top of typing."""

AHEAD = (SAVE_BURST - 1) * SAVE_INTERVAL
"""How far an answer may be busy ahead of the clock when a save is still taken.

Each save keeps the answer busy for one interval more (`Answer.busy_until`), from now or from the
end of the one before: the generic cell rate algorithm, which needs one time per row.
"""

MOST_SET_ASIDE = 50
"""Late and conflicting texts kept beside one answer: 1 MB or, in some scripts, 4 MB at most. A page
stops at its first late text and asks its reader at the first conflict."""
