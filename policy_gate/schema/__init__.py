"""The nouns: frozen, shared, and importing nothing of ours.

It is called schema, and not model, because here a "model" is an AI model.
"""
