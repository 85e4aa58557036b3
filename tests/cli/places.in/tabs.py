if True:
	import gone_with_tab
