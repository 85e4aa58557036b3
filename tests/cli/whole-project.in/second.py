from first import A

B = 1
