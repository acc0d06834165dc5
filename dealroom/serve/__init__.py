"""The preview server and the hosting server."""
