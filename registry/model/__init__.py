"""Strict frozen entities: one module a family of sections, one table that names them all."""
