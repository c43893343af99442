"""Video models on this machine's GPU: one small file a family, the rest is data in the catalogue.

None of them imports torch or diffusers before it makes pictures.
"""
