"""Load and faults: what breaks around the service, it says so, it recovers, nothing is doubled."""
