"""Build (the one function that states the pipeline), write (atomic), targets, watch."""
