"""What the results of many people say about the supply."""

from matching.insight.reach import OfferReach, Reach, reach

__all__ = ["OfferReach", "Reach", "reach"]
