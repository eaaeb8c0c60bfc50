"""Forms of an audit: one module a form, each with its `REPORTER`."""
