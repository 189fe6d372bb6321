"""Sends events to the URLs of webhooks; docs/events.md says what a receiver gets."""
