"""From vectors to a plan that fits the hours."""
