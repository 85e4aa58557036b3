import shop.made
import shop.made.deeper
from shop.made import anything
from shop import cart_pb2
import shop.other_pb2
import shop.missing
