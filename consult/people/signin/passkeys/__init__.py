"""Passkeys (W3C Web Authentication, level 3): sign in with what a telephone, a computer or a security key holds.

``ceremony`` checks answers of browsers, ``keeping`` knows the rows, ``views`` the pages. The challenge of each is a
ticket in the database, bound to the browser that asked for it and used once.
"""
