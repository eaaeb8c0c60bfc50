"""Tests of the operating model: given an alert, who is paged, and with what at hand."""
