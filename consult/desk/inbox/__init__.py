"""The inbox: the lists of questions, searching them, and acting on several at once."""
