from app.models import User
class Page: pass
def render(user: User):
    return str(user)
