"""How well key points are found: measured on answers that were written without a look at the decks."""
