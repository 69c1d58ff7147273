"""Slack: native events become requests, messages become Block Kit."""
