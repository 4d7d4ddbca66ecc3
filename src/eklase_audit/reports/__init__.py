"""Showing an Audit: one module a format. None of them computes a finding."""
