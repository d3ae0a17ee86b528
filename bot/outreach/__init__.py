"""One tick becomes messages to send."""
