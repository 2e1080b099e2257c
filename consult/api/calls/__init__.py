"""The calls themselves, over the same services as the pages. Importing a module puts its calls into the table."""
