"""Ground of everything that runs a model on this machine: weights on disk, the GPU's lease, loading, seeds, legal sizes.

Importing it imports neither torch nor any library of models; they come with the first model that is loaded.
"""
