import shop.cart
print(shop.util)
