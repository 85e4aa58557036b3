x = "größe"
import nope
