using System.Runtime.InteropServices;
using System.Text;
using SslModule.CPython.Native;

namespace SslModule.CPython.Binding;

/// <summary>Builds the C tables that describe methods, properties, types and the module; they live as long as the process.</summary>
internal static unsafe class Tables
{
    public static T* Allocate<T>(int count)
        where T : unmanaged
        => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));

    /// <summary>A C string.</summary>
    public static byte* Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte* bytes = Allocate<byte>(length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(bytes, length));
        return bytes;
    }

    /// <summary>A table that ends with an empty item.</summary>
    public static T* Terminated<T>(params ReadOnlySpan<T> items)
        where T : unmanaged
    {
        T* table = Allocate<T>(items.Length + 1);
        items.CopyTo(new Span<T>(table, items.Length));
        return table;
    }

    /// <summary>A method or function with arguments by position or by name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="function">What runs.</param>
    /// <param name="parameters">Its parameters as Python's inspect module reads them, without the first.</param>
    /// <param name="doc">What it does.</param>
    public static PyMethodDef Method(string name, delegate* unmanaged<nint, nint*, nint, nint, nint> function, string parameters, string doc)
        => Define(name, function, PyNumbers.MethodFastCall | PyNumbers.MethodKeywords, "/, " + parameters, doc);

    /// <summary>A method or function with arguments by position only; it checks their count itself.</summary>
    public static PyMethodDef Method(string name, delegate* unmanaged<nint, nint*, nint, nint> function, string parameters, string doc)
        => Define(name, function, PyNumbers.MethodFastCall, parameters + ", /", doc);

    /// <summary>A method or function with exactly one argument, by position; the interpreter sees to that.</summary>
    public static PyMethodDef Method(string name, delegate* unmanaged<nint, nint, nint> function, string parameter, string doc)
        => Define(name, function, PyNumbers.MethodOneArgument, parameter + ", /", doc);

    /// <summary>A method or function without arguments.</summary>
    public static PyMethodDef Method(string name, delegate* unmanaged<nint, nint, nint> function, string doc)
        => Define(name, function, PyNumbers.MethodNoArguments, "/", doc);

    /// <summary>A property; without a setter it is read-only.</summary>
    public static PyGetSetDef Property(string name, delegate*<nint, nint> get, delegate*<nint, nint, void> set = null, string? doc = null)
    {
        Property* closure = Allocate<Property>(1);
        *closure = new Property { Get = get, Set = set, Name = Text(name) };
        delegate* unmanaged<nint, nint, nint> getter = &Trampolines.GetProperty;
        delegate* unmanaged<nint, nint, nint, int> setter = &Trampolines.SetProperty;
        return new PyGetSetDef { Name = closure->Name, Get = getter, Set = set == null ? null : setter, Doc = doc is null ? null : Text(doc), Closure = closure };
    }

    private static PyMethodDef Define(string name, void* function, int flags, string parameters, string doc) => new()
    {
        Name = Text(name),
        Function = function,
        Flags = flags,
        Doc = Text($"{name}($self, {parameters})\n--\n\n{doc}"),
    };

    public static PySlot Slot(int id, void* value) => new() { Id = id, Value = value };

    /// <summary>Makes a heap type of the module.</summary>
    public static nint Type(nint module, string name, int basicSize, uint flags, nint bases, params ReadOnlySpan<PySlot> slots)
    {
        PyTypeSpec* spec = Allocate<PyTypeSpec>(1);
        *spec = new PyTypeSpec { Name = Text(name), BasicSize = basicSize, Flags = flags, Slots = Terminated(slots) };
        return Values.Check(PythonApi.PyType_FromModuleAndSpec(module, spec, bases));
    }

    /// <summary>Adds an attribute to the module and releases the caller's reference to it.</summary>
    public static void Add(nint module, string name, nint stolen)
    {
        using var value = new Owned(stolen);
        byte* text = Text(name);
        int result = PythonApi.PyModule_AddObjectRef(module, text, value.Value);
        NativeMemory.Free(text);
        Values.Check(result);
    }

    /// <summary>A module with multi-phase initialisation (PEP 489).</summary>
    public static nint Module(string name, string doc, PyMethodDef* methods, delegate* unmanaged<nint, int> execute)
    {
        PyModuleDef* definition = Allocate<PyModuleDef>(1);
        definition->ReferenceCount = 1;
        definition->Name = Text(name);
        definition->Doc = Text(doc);
        definition->Methods = methods;
        // Without the second slot Python 3.12 and later would refuse a subinterpreter before `execute` can say why.
        definition->Slots = PythonData.Since(12)
            ? Terminated(Slot(PyNumbers.SlotModuleExec, execute), Slot(PyNumbers.SlotModuleInterpreters, PyNumbers.InterpretersWithOwnGil))
            : Terminated(Slot(PyNumbers.SlotModuleExec, execute));
        return PythonApi.PyModuleDef_Init(definition);
    }
}
