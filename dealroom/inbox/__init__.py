"""Buyers' sealed replies: taken in, proven, shown against the plan, and accepted into it or declined."""
