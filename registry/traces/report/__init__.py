"""Forms of what traces say: one module a form, each with its `REPORTER`."""
