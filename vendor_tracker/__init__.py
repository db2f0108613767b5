"""The vendor tracker: operators of personal data, their agreements and how each honours art. 14."""
