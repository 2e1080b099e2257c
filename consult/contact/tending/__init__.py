"""Keeping the pile of questions in order: put off, spam, merge, and make unreadable."""
