"""Sending reports and letters: messages, the way to the server, and a journal so that none goes twice."""
