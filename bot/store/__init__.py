"""The state, in Redis: one script and one round trip for what must be atomic."""
