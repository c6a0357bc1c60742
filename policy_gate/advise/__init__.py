"""First drafts of documents by a language model, for people to check. Nothing in here sees or touches a verdict."""
