"""The commands: the table, how typed words become one, and what each does."""
