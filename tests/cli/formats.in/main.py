import pkg.nowhere

try:
    pkg.run()
except:
    pass
