"""The game: its rules, its schedule, its questions, and what is said of a round."""
