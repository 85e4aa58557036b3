# coding: latin-1
x = "é"; import gone_in_latin
