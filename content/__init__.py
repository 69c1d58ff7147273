"""Decks of questions and the code that reads, checks and imports them; it knows nothing else of llmq."""
