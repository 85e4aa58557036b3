from app.base import Base
class Derived(Base):
    pass
