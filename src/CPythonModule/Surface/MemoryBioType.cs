using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Surface;

/// <summary><c>_ssl.MemoryBIO</c>.</summary>
internal static unsafe class MemoryBioType
{
    private static readonly Signature NewSignature = new("MemoryBIO", 0, 0);
    private static readonly Signature ReadSignature = new("read", 1, 0, "size");
    private static readonly Signature WriteSignature = new("write", 1, 1, "b");

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
                Tables.Method("read", &Trampoline.Read, "Read up to size bytes; all there are when size is missing or negative."),
                Tables.Method("write", &Trampoline.Write, "Append bytes; return how many."),
                Tables.Method("write_eof", &Trampoline.WriteEof, "Mark the end: after the bytes are read, eof is True."))),
            Tables.Slot(PyNumbers.SlotGetSet, Tables.Terminated<PyGetSetDef>(
                Tables.Property("pending", &Pending, doc: "The number of bytes pending in the memory BIO."),
                Tables.Property("eof", &Eof, doc: "Whether the memory BIO is at EOF."))));
        Tables.Add(module, "MemoryBIO", Values.New(Type));
    }

    private static MemoryBio Of(nint self) => Instance.Of<MemoryBio>(self);

    private static nint New(nint type, in Arguments arguments) => Instance.New(type, new MemoryBio());

    private static nint Read(nint self, in Arguments arguments)
    {
        MemoryBio bio = Of(self);
        int size = arguments[0] == 0 ? -1 : Values.Int32(arguments[0]);
        int count = size < 0 ? bio.Pending : Math.Min(size, bio.Pending);
        using var bytes = new Owned(PythonApi.PyBytes_FromStringAndSize(null, count));
        bio.Read(new Span<byte>(PythonApi.PyBytes_AsString(bytes.Value), count));
        return bytes.Give();
    }

    private static nint Write(nint self, in Arguments arguments)
    {
        using var bytes = new BufferView(arguments[0]);
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
        public static nint New(nint type, nint tuple, nint dict) => Trampolines.New(&MemoryBioType.New, NewSignature, type, tuple, dict);

        [UnmanagedCallersOnly]
        public static void Deallocate(nint self) => Instance.Deallocate(self, 0);

        [UnmanagedCallersOnly]
        public static nint Read(nint self, nint* given, nint count, nint names) => Trampolines.Call(&MemoryBioType.Read, ReadSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint Write(nint self, nint* given, nint count, nint names) => Trampolines.Call(&MemoryBioType.Write, WriteSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint WriteEof(nint self, nint unused) => Trampolines.Call(&MemoryBioType.WriteEof, self);
    }
}
