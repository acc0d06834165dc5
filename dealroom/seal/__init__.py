"""Keys, slots, objects and replies: every byte of cryptography is here and nowhere else.

A seller's side: `keys` (the workspace key), `access` (credentials of people), `derive` (Argon2id and its cache),
`room` (sealing). A reader's side: `unseal`. The bytes are described in docs/format.md, the threats in
docs/security.md, the errors in `errors`.
"""
