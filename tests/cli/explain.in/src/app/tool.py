from . import helper
import helper as own
import app.core

if __name__ == "__main__":
    print(helper, own, app)
