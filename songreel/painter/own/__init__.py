"""Worlds and styles that a person brings: Shadertoy's ``mainImage``, ISF files, and the painter's own form."""
