"""What the shipped encoder is worth, task by task; `python -m benchmarks.quality` runs them all."""
