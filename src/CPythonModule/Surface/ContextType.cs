using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Context;

namespace SslModule.CPython.Surface;

/// <summary><c>_ssl._SSLContext</c>: the type, its construction and its references.</summary>
internal static unsafe partial class ContextType
{
    private const int ServerNameCallback = 0;
    private const int MessageCallback = 1;
    private const int PskClientCallback = 2;
    private const int PskServerCallback = 3;
    private const int KeyLogName = 4;
    private const int References = 5;

    public static nint Type { get; private set; }

    public static void Publish(nint module)
    {
        Type = Tables.Type(
            module,
            "_ssl._SSLContext",
            Instance.Size(References),
            PyNumbers.TypeDefault | PyNumbers.TypeImmutable | PyNumbers.TypeBase | PyNumbers.TypeHasGc,
            0,
            Tables.Slot(PyNumbers.SlotNew, (delegate* unmanaged<nint, nint, nint, nint>)&Trampoline.New),
            Tables.Slot(PyNumbers.SlotDealloc, (delegate* unmanaged<nint, void>)&Trampoline.Deallocate),
            Tables.Slot(PyNumbers.SlotTraverse, (delegate* unmanaged<nint, nint, nint, int>)&Trampoline.Traverse),
            Tables.Slot(PyNumbers.SlotClear, (delegate* unmanaged<nint, int>)&Trampoline.Clear),
            Tables.Slot(PyNumbers.SlotMethods, Methods()),
            Tables.Slot(PyNumbers.SlotGetSet, Properties()));
        Tables.Add(module, "_SSLContext", Values.New(Type));
    }

    /// <summary>The engine's context behind a Python one.</summary>
    public static TlsContext Of(nint self) => Instance.Of<ContextHandle>(self).Context;

    private static nint New(nint type, nint tuple, nint dict)
    {
        // A subclass with an __init__ of its own may have keywords for that.
        bool isPlain = PythonApi.PyType_GetSlot(type, PyNumbers.SlotInit) == PythonApi.PyType_GetSlot(Type, PyNumbers.SlotInit);
        if (isPlain && dict != 0 && PythonApi.PyDict_Size(dict) > 0)
        {
            throw PythonRaise.TypeError("_SSLContext() takes no keyword arguments");
        }

        Arguments.CheckPositional("_SSLContext", PythonApi.PyTuple_Size(tuple), 1, 1);
        int protocol = Values.Int32(PythonApi.PyTuple_GetItem(tuple, 0));
        var context = new TlsContext((TlsProtocolSelection)protocol, ProcessClock.Instance, BuildDefaults.Ciphers);
        if (!PythonData.Since(11, 4))
        {
            // So these begin: an end without close_notify is an end like any other to them.
            context.Options |= (ulong)TlsOptions.IgnoreUnexpectedEof;
        }

        string? deprecated = context.Protocol switch
        {
            TlsProtocolSelection.Tls => "ssl.PROTOCOL_TLS is deprecated",
            TlsProtocolSelection.SslV3 => "ssl.PROTOCOL_SSLv3 is deprecated",
            TlsProtocolSelection.TlsV1 => "ssl.PROTOCOL_TLSv1 is deprecated",
            TlsProtocolSelection.TlsV1_1 => "ssl.PROTOCOL_TLSv1_1 is deprecated",
            TlsProtocolSelection.TlsV1_2 => "ssl.PROTOCOL_TLSv1_2 is deprecated",
            _ => null,
        };
        if (deprecated is not null)
        {
            PythonErrors.Deprecated(deprecated);
        }

        var handle = new ContextHandle(context);
        handle.Self = Instance.New(type, handle);
        return handle.Self;
    }

    private static partial class Trampoline
    {
        [UnmanagedCallersOnly]
        public static nint New(nint type, nint tuple, nint dict) => Trampolines.New(&ContextType.New, type, tuple, dict);

        [UnmanagedCallersOnly]
        public static void Deallocate(nint self) => Instance.Deallocate(self, References);

        [UnmanagedCallersOnly]
        public static int Traverse(nint self, nint visit, nint argument) => Instance.Traverse(self, visit, argument, References);

        [UnmanagedCallersOnly]
        public static int Clear(nint self) => Instance.Clear(self, References);
    }
}

/// <summary>What a Python context owns.</summary>
internal sealed class ContextHandle(TlsContext context)
{
    public TlsContext Context => context;

    /// <summary>The Python object, borrowed: it owns this handle.</summary>
    public nint Self { get; set; }
}
