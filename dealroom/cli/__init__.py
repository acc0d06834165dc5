"""The commands: parse, call one function, print. Imports lazily, so that start-up stays under 0.15 s."""
