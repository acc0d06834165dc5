"""The plan on the calendar: working days and holidays, network passes, slack, critical path, forecast. Pure."""
