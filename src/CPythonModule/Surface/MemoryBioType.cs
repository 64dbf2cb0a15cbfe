using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Surface;

/// <summary><c>_ssl.MemoryBIO</c>.</summary>
internal static unsafe class MemoryBioType
{
    public static nint Type { get; private set; }

    public static void Publish(nint module)
    {
        Type = Tables.Type(
            module,
            "_ssl.MemoryBIO",
            Instance.Size(0),
            PyNumbers.TypeDefault | PyNumbers.TypeImmutable,
            0,
            Tables.Slot(PyNumbers.SlotNew, (delegate* unmanaged<nint, nint, nint, nint>)&Trampoline.New),
            Tables.Slot(PyNumbers.SlotDealloc, (delegate* unmanaged<nint, void>)&Trampoline.Deallocate),
            Tables.Slot(PyNumbers.SlotMethods, Tables.Terminated<PyMethodDef>(
                Tables.Method("read", &Trampoline.Read, "size=-1", "Read up to size bytes; all there are when size is missing or negative."),
                Tables.Method("write", &Trampoline.Write, "b", "Append bytes; return how many."),
                Tables.Method("write_eof", &Trampoline.WriteEof, "Mark the end: after the bytes are read, eof is True."))),
            Tables.Slot(PyNumbers.SlotGetSet, Tables.Terminated<PyGetSetDef>(
                Tables.Property("pending", &Pending, doc: "The number of bytes pending in the memory BIO."),
                Tables.Property("eof", &Eof, doc: "Whether the memory BIO is at EOF."))));
        Tables.Add(module, "MemoryBIO", Values.New(Type));
    }

    private static MemoryBio Of(nint self) => Instance.Of<MemoryBio>(self);

    private static nint New(nint type, nint tuple, nint dict)
    {
        if (PythonApi.PyTuple_Size(tuple) > 0)
        {
            throw PythonRaise.TypeError("MemoryBIO() takes no positional arguments");
        }

        return dict != 0 && PythonApi.PyDict_Size(dict) > 0
            ? throw PythonRaise.TypeError("MemoryBIO() takes no keyword arguments")
            : Instance.New(type, new MemoryBio());
    }

    private static nint Read(nint self, nint* given, nint arguments)
    {
        Arguments.CheckPositional("read", arguments, 0, 1);
        MemoryBio bio = Of(self);
        int size = arguments == 0 ? -1 : Values.Int32(given[0]);
        int count = size < 0 ? bio.Pending : Math.Min(size, bio.Pending);
        using var bytes = new Owned(PythonApi.PyBytes_FromStringAndSize(null, count));
        bio.Read(new Span<byte>(PythonApi.PyBytes_AsString(bytes.Value), count));
        return bytes.Give();
    }

    private static nint Write(nint self, nint source)
    {
        using var bytes = new BufferView(source);
        Of(self).Write(bytes.Span);
        return Values.Int(bytes.Length);
    }

    private static nint WriteEof(nint self)
    {
        Of(self).WriteEnd();
        return Values.None();
    }

    private static nint Pending(nint self) => Values.Int(Of(self).Pending);

    private static nint Eof(nint self) => Values.Bool(Of(self).IsAtEnd);

    private static class Trampoline
    {
        [UnmanagedCallersOnly]
        public static nint New(nint type, nint tuple, nint dict) => Trampolines.New(&MemoryBioType.New, type, tuple, dict);

        [UnmanagedCallersOnly]
        public static void Deallocate(nint self) => Instance.Deallocate(self, 0);

        [UnmanagedCallersOnly]
        public static nint Read(nint self, nint* given, nint count) => Trampolines.Call(&MemoryBioType.Read, self, given, count);

        [UnmanagedCallersOnly]
        public static nint Write(nint self, nint argument) => Trampolines.Call(&MemoryBioType.Write, self, argument);

        [UnmanagedCallersOnly]
        public static nint WriteEof(nint self, nint unused) => Trampolines.Call(&MemoryBioType.WriteEof, self);
    }
}
