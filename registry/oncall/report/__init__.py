"""Shifts and gaps, as people, spreadsheets, calendars and programs read them."""
