"""What authors run: check, try, explain."""
