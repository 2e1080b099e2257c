"""Sample data: invented people, questions and talks, repeatable and shifted to today.

``plan`` says what there is to load, as values; it knows no database. Whoever stores it decides how.
"""
