"""Tests that run models: tiny ones with random weights, in the layout on disk that the real ones have."""
