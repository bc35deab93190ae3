"""Doubles of clouds, run by the real engine in the place of a released plugin."""
