"""Tools around the ssl module: `python -m sslmodule doctor HOST` and `python -m sslmodule --info`.

The files of this folder serve IronPython and CPython, and keep to the grammar of Python 3.4. The wheel for CPython has them in a
package of the same name, which also switches the module on and off.
"""
