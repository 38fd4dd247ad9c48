"""A training run as a folder, and the warm worker process that trains it: started, watched, paused, stopped, resumed.

Nothing here imports torch: the server stays small, and a run can be looked at where torch is missing.
"""
