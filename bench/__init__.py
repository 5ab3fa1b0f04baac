"""The benchmark: a large company, driven over HTTP, beside bare SQL and an empty view."""
