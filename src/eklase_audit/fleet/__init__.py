"""Many schools at once: a folder a school, an answer a school, tables over all."""
