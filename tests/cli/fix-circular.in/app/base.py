from app.derived import Derived
class Base:
    def make(self):
        return Derived()
