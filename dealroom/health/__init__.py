"""Is the plan mutual, live and on track? One rule a function, and the report over one plan or all. Pure."""
