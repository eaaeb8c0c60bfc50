"""A first registry drafted from what is deployed, part by part."""
