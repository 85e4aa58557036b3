from app.first import A

B = A
