import helper
import installed
import gone
