from app.first import A

B = 1
