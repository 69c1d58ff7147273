"""The process: command line, settings, logs, health, doctor, Redis."""
