"""The core of llmq: the rules of the game, the commands and the state in Redis; it knows no platform."""
