NAMES = ["cpu"]
