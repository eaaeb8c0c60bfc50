"""The time engine: who is on call, who is paged, and when nobody is.

Pure functions over half-open intervals of instants (whole microseconds, see `registry.clock.tzif`);
nothing is sampled, and no time is too far away. `schedule` has the shifts, `coverage` the gaps,
`escalation` the people whom a page reaches, `burden` how the hours are shared, `pattern` how
repeated gaps are told, `oddity` what deserves a second look, `machine` where the machine's own
zones differ. Where a function takes `zone`, that is the manifest's, for what names none itself.
"""
