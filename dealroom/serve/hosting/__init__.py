"""`dealroom host`: serves the compiled site, and takes buyers' sealed replies. It can read neither.

    protocol ─▶ log ─▶ app ─▶ site      (files, with the headers that a static host would be told)
                          └─▶ replies ─▶ limits, commit ─▶ store (folder or bucket)

Nothing is kept in memory that a second server beside it would have to know: replies are files of one folder or bucket,
named after what is in them.
"""
