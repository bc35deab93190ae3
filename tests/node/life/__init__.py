"""Tests of node/life."""
