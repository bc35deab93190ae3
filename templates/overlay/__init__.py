"""The overlay: the tree's own configuration, changed in exactly what a cluster needs.

`make_overlay` in `templates.overlay.overlay` makes it; `OVERLAY_FILES` in `templates.overlay.files`
says where each file belongs.
"""
