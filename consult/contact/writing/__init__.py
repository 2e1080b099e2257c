"""Writing an answer: texts kept for later, replies kept to use again, and who else is at it."""
