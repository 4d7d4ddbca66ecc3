"""The history of runs: what was found when, without anybody's name in it."""
