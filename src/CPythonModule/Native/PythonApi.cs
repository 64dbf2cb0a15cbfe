using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace SslModule.CPython.Native;

/// <summary>
/// The functions of CPython's C API that the module uses: only ones that every version from 3.11 exports, none with varargs.
/// Reference counts go through the interpreter's own functions, so that one binary serves versions with and without immortal objects.
/// </summary>
internal static unsafe class PythonApi
{
    private const string Python = "python";

    [DllImport(Python)] public static extern void Py_IncRef(nint value);
    [DllImport(Python)] public static extern void Py_DecRef(nint value);
    [DllImport(Python)] public static extern nint PyModuleDef_Init(void* definition);
    [DllImport(Python)] public static extern int PyModule_AddObjectRef(nint module, byte* name, nint value);
    [DllImport(Python)] public static extern nint PyModule_GetDict(nint module);
    [DllImport(Python)] public static extern nint PyType_FromModuleAndSpec(nint module, void* spec, nint bases);
    [DllImport(Python)] public static extern nint PyType_GenericAlloc(nint type, nint count);
    [DllImport(Python)] public static extern uint PyType_GetFlags(nint type);
    [DllImport(Python)] public static extern nint PyType_GetSlot(nint type, int slot);
    [DllImport(Python)] public static extern int PyType_IsSubtype(nint type, nint ancestor);
    [DllImport(Python)] public static extern void PyObject_GC_UnTrack(nint value);
    [DllImport(Python)] public static extern void PyObject_GC_Del(nint value);
    [DllImport(Python)] public static extern void PyObject_Free(nint value);
    [DllImport(Python)] public static extern nint PyObject_Vectorcall(nint callable, nint* arguments, nuint count, nint keywordNames);
    [DllImport(Python)] public static extern nint PyObject_VectorcallMethod(nint name, nint* arguments, nuint count, nint keywordNames);
    [DllImport(Python)] public static extern nint PyObject_GetAttr(nint value, nint name);
    [DllImport(Python)] public static extern int PyObject_SetAttr(nint value, nint name, nint attribute);
    [DllImport(Python)] public static extern int PyObject_IsTrue(nint value);
    [DllImport(Python)] public static extern nint PyObject_Str(nint value);
    [DllImport(Python)] public static extern nint PyObject_Repr(nint value);
    [DllImport(Python)] public static extern nint PyObject_ASCII(nint value);
    [DllImport(Python)] public static extern nint PyObject_RichCompare(nint left, nint right, int operation);
    [DllImport(Python)] public static extern int PyObject_GetBuffer(nint value, PyBuffer* view, int flags);
    [DllImport(Python)] public static extern void PyBuffer_Release(PyBuffer* view);
    [DllImport(Python)] public static extern int PyCallable_Check(nint value);

    [DllImport(Python)] public static extern void PyErr_SetString(nint type, byte* message);
    [DllImport(Python)] public static extern void PyErr_SetObject(nint type, nint value);
    [DllImport(Python)] public static extern nint PyErr_SetFromErrnoWithFilenameObject(nint type, nint fileName);
    [DllImport(Python)] public static extern nint PyErr_NewExceptionWithDoc(byte* name, byte* doc, nint bases, nint dict);
    [DllImport(Python)] public static extern int PyErr_ExceptionMatches(nint type);
    [DllImport(Python)] public static extern nint PyErr_Occurred();
    [DllImport(Python)] public static extern void PyErr_Clear();
    [DllImport(Python)] public static extern void PyErr_Fetch(nint* type, nint* value, nint* traceback);
    [DllImport(Python)] public static extern void PyErr_Restore(nint type, nint value, nint traceback);
    [DllImport(Python)] public static extern void PyErr_WriteUnraisable(nint source);
    [DllImport(Python)] public static extern int Py_AtExit(delegate* unmanaged<void> function);
    [DllImport(Python)] public static extern int PyErr_CheckSignals();
    [DllImport(Python)] public static extern nint PyErr_NoMemory();
    [DllImport(Python)] public static extern int PyErr_WarnEx(nint category, byte* message, nint stackLevel);

    [DllImport(Python)] public static extern byte* Py_GetVersion();
    [DllImport(Python)] public static extern nint PyInterpreterState_Get();
    [DllImport(Python)] public static extern long PyInterpreterState_GetID(nint interpreter);
    [DllImport(Python)] public static extern nint PyEval_SaveThread();
    [DllImport(Python)] public static extern void PyEval_RestoreThread(nint state);
    [DllImport(Python)] public static extern int PyGILState_Ensure();
    [DllImport(Python)] public static extern void PyGILState_Release(int state);

    [DllImport(Python)] public static extern nint PyBytes_FromStringAndSize(byte* bytes, nint length);
    [DllImport(Python)] public static extern byte* PyBytes_AsString(nint value);
    [DllImport(Python)] public static extern nint PyBytes_Size(nint value);
    [DllImport(Python)] public static extern int _PyBytes_Resize(nint* value, nint length);
    [DllImport(Python)] public static extern nint PyUnicode_FromStringAndSize(byte* bytes, nint length);
    [DllImport(Python)] public static extern nint PyUnicode_InternFromString(byte* text);
    [DllImport(Python)] public static extern byte* PyUnicode_AsUTF8AndSize(nint value, nint* length);
    [DllImport(Python)] public static extern nint PyUnicode_DecodeFSDefaultAndSize(byte* bytes, nint length);
    [DllImport(Python)] public static extern int PyUnicode_FSConverter(nint value, nint* bytes);
    [DllImport(Python)] public static extern nint PyUnicode_AsEncodedString(nint value, byte* encoding, byte* errors);
    [DllImport(Python)] public static extern nint PyUnicode_AsASCIIString(nint value);
    [DllImport(Python)] public static extern int PyUnicode_CompareWithASCIIString(nint value, byte* text);
    [DllImport(Python)] public static extern nint PyLong_FromLongLong(long value);
    [DllImport(Python)] public static extern nint PyLong_FromUnsignedLongLong(ulong value);
    [DllImport(Python)] public static extern long PyLong_AsLongLongAndOverflow(nint value, int* overflow);
    [DllImport(Python)] public static extern ulong PyLong_AsUnsignedLongLong(nint value);
    [DllImport(Python)] public static extern ulong PyLong_AsUnsignedLongLongMask(nint value);
    [DllImport(Python)] public static extern nint PyFloat_FromDouble(double value);
    [DllImport(Python)] public static extern double PyFloat_AsDouble(nint value);
    [DllImport(Python)] public static extern nint PyNumber_Index(nint value);
    [DllImport(Python)] public static extern nint PyTuple_New(nint count);
    [DllImport(Python)] public static extern int PyTuple_SetItem(nint tuple, nint index, nint value);
    [DllImport(Python)] public static extern nint PyTuple_GetItem(nint tuple, nint index);
    [DllImport(Python)] public static extern nint PyTuple_Size(nint tuple);
    [DllImport(Python)] public static extern nint PyList_New(nint count);
    [DllImport(Python)] public static extern int PyList_SetItem(nint list, nint index, nint value);
    [DllImport(Python)] public static extern nint PyFrozenSet_New(nint items);
    [DllImport(Python)] public static extern int PySet_Add(nint set, nint item);
    [DllImport(Python)] public static extern nint PyDict_New();
    [DllImport(Python)] public static extern nint PyDict_Copy(nint dict);
    [DllImport(Python)] public static extern int PyDict_Merge(nint dict, nint other, int replace);
    [DllImport(Python)] public static extern nint PyDict_Size(nint dict);
    [DllImport(Python)] public static extern int PyDict_SetItem(nint dict, nint key, nint value);
    [DllImport(Python)] public static extern nint PyDict_GetItemWithError(nint dict, nint key);
    [DllImport(Python)] public static extern nint PyWeakref_NewRef(nint value, nint callback);
    [DllImport(Python)] public static extern nint PyWeakref_GetObject(nint reference);
    [DllImport(Python)] public static extern nint PyImport_Import(nint name);
    [DllImport(Python)] public static extern nint PyImport_ImportModule(byte* name);
}
