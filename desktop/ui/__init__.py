"""Every window of the desk."""

import builtins

import PySide6.QtCore  # noqa: F401 - what is undone below comes with it

# From here on PySide reads the source of each module that is imported, to see whether it asks for another set of
# Qt's names (``__feature__``); Python keeps all that was read. None of ours does: the desk starts sooner, and has
# some 40 MiB less to hold.
builtins.__import__ = vars(builtins).get("__orig_import__", builtins.__import__)
