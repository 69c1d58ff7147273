"""`python -m bot` is `llmq`."""

from bot.cli import main

main()
