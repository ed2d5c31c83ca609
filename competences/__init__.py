"""Who has what, who needs what, and what the words mean. Imports nothing of `matching`."""
