"""One Inbound becomes one Decision."""
