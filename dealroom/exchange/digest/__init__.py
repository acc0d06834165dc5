"""Digests by mail: a short message per person, put together from the plan and handed to a mail server on request.

gather (whose digest says what) ─▶ message (headers, text and HTML) ─▶ delivery (at most one a day) ─▶ smtp
"""
