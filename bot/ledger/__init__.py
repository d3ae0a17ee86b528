"""Money: prices, windows, limits, entries, audit."""
