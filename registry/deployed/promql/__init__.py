"""Queries of Prometheus: their tree, and what they tell of the labels of their series."""
