"""What is said: parse, choose, render."""
