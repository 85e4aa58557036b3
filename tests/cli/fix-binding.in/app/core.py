from app import plugins
LIMIT = 3
def run():
    plugins.go()
