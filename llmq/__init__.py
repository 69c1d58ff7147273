"""The process: the command line, the settings, and what builds and serves the bot."""
