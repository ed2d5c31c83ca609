"""Training of the shipped encoder on ESCO, and on a user's own taxonomy and crosswalks."""

from competences.training.card import Card
from competences.training.loop import Schedule
from competences.training.recipe import train

__all__ = ["Card", "Schedule", "train"]
