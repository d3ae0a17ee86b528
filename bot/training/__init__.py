"""Teaches the classifier: scikit-learn in a child process, models kept by content hash.

tutor     the classifier of the live catalog: a kept model, else one made by a child process
shelf     models as files in a folder, named by what they were taught
__main__  the child process: sentences in, a model file out
learn     a model from sentences: the only place that imports scikit-learn
"""
