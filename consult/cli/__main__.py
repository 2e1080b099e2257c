"""``python -m consult.cli``: the command line where the console script is not on the path."""

from __future__ import annotations

from consult.cli import main

main()
