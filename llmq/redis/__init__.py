"""The way to Redis: a server by its address, or one of our own."""
