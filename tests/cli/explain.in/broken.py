import os
def (:
