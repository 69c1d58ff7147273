"""`python -m bot` is `llmq`."""

from llmq.cli import main

main()
