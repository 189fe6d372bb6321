"""What breaks around a running router, and what its callers notice of it: nothing, or a word."""
