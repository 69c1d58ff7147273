"""The terminal as a platform: a channel `#practice` in which people try the whole game."""
