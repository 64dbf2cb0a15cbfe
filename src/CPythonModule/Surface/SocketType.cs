using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.CPython.Transports;
using SslModule.Engine.Connection;

namespace SslModule.CPython.Surface;

/// <summary><c>_ssl._SSLSocket</c>: the type, its construction and its references.</summary>
internal static unsafe partial class SocketType
{
    private const int ContextReference = 0;
    private const int SocketReference = 1;
    private const int OwnerReference = 2;
    private const int IncomingReference = 3;
    private const int OutgoingReference = 4;
    private const int References = 5;

    private static nint _type;

    public static void Publish(nint module)
    {
        _type = Tables.Type(
            module,
            "_ssl._SSLSocket",
            Instance.Size(References),
            PyNumbers.TypeDefault | PyNumbers.TypeImmutable | PyNumbers.TypeDisallowInstantiation | PyNumbers.TypeHasGc,
            0,
            Tables.Slot(PyNumbers.SlotDealloc, (delegate* unmanaged<nint, void>)&Trampoline.Deallocate),
            Tables.Slot(PyNumbers.SlotTraverse, (delegate* unmanaged<nint, nint, nint, int>)&Trampoline.Traverse),
            Tables.Slot(PyNumbers.SlotClear, (delegate* unmanaged<nint, int>)&Trampoline.Clear),
            Tables.Slot(PyNumbers.SlotMethods, Methods()),
            Tables.Slot(PyNumbers.SlotGetSet, Properties()));
        Tables.Add(module, "_SSLSocket", Values.New(_type));
    }

    /// <summary>An _SSLSocket over a socket, which it refers to weakly: the Python socket owns it.</summary>
    public static nint Wrap(nint context, nint socket, nint serverSide, nint hostname, nint owner, nint session)
    {
        if (!Values.IsInstance(socket, PythonSocket.Type))
        {
            throw PythonRaise.TypeError($"_wrap_socket() argument 'sock' must be _socket.socket, not {Values.ArgumentName(socket)}");
        }

        var transport = new DescriptorTransport(PythonSocket.HasKnownLayout(socket));
        using var self = new Owned(Make(context, transport, null, serverSide, hostname, owner));
        SetWeakReference(self.Value, SocketReference, socket);
        ApplySession(self.Value, session);
        return self.Give();
    }

    /// <summary>An _SSLSocket over two memory BIOs.</summary>
    public static nint WrapBio(nint context, nint incoming, nint outgoing, nint serverSide, nint hostname, nint owner, nint session)
    {
        CheckBio("incoming", incoming);
        CheckBio("outgoing", outgoing);

        MemoryBio input = Instance.Of<MemoryBio>(incoming);
        var transport = new MemoryBioTransport(input, Instance.Of<MemoryBio>(outgoing));
        using var self = new Owned(Make(context, transport, input, serverSide, hostname, owner));
        Instance.SetReference(self.Value, IncomingReference, incoming);
        Instance.SetReference(self.Value, OutgoingReference, outgoing);
        ApplySession(self.Value, session);
        return self.Give();
    }

    private static void CheckBio(string name, nint value)
    {
        if (!Values.IsInstance(value, MemoryBioType.Type))
        {
            throw PythonRaise.TypeError($"_wrap_bio() argument '{name}' must be _ssl.MemoryBIO, not {Values.ArgumentName(value)}");
        }
    }

    /// <summary>What a callback gets as the socket: the owner, else the Python socket, else the _SSLSocket; None when it is gone.</summary>
    public static nint Visible(SocketHandle handle)
    {
        nint weak = Instance.Reference(handle.Self, OwnerReference);
        if (weak == 0)
        {
            weak = Instance.Reference(handle.Self, SocketReference);
        }

        return Values.New(weak == 0 ? handle.Self : PythonApi.PyWeakref_GetObject(weak));
    }

    private static SocketHandle Of(nint self) => Instance.Of<SocketHandle>(self);

    private static nint Make(nint context, ITransport transport, MemoryBio? incoming, nint serverSide, nint hostname, nint owner)
    {
        var connection = new TlsConnection(ContextType.Of(context), IsServer(serverSide), Hostname(hostname));
        var handle = new SocketHandle(connection, transport, incoming);
        handle.Self = Instance.New(_type, handle);
        Instance.SetReference(handle.Self, ContextReference, context);
        if (owner != 0 && owner != PythonData.None)
        {
            SetWeakReference(handle.Self, OwnerReference, owner);
        }

        return handle.Self;
    }

    // An int until Python 3.11, whatever has a truth value since.
    private static bool IsServer(nint value) => PythonData.Since(12) ? Values.Truth(value) : Values.Int32(value) != 0;

    private static string? Hostname(nint value)
    {
        if (value == 0 || value == PythonData.None)
        {
            return null;
        }

        if (!Values.IsUnicode(value))
        {
            throw PythonRaise.TypeError($"argument must be str, not {Values.TypeName(value)}");
        }

        using var ascii = new Owned(PythonApi.PyUnicode_AsASCIIString(value));
        string name = Values.Text(value);
        return name.Contains('\0') ? throw PythonRaise.TypeError("argument must be encoded string without null bytes, not str") : name;
    }

    private static void ApplySession(nint self, nint session)
    {
        if (session != 0 && session != PythonData.None)
        {
            SetSession(self, session);
        }
    }

    private static void SetWeakReference(nint self, int index, nint target)
    {
        using var weak = new Owned(PythonApi.PyWeakref_NewRef(target, 0));
        Instance.SetReference(self, index, weak.Value);
    }

    private static partial class Trampoline
    {
        [UnmanagedCallersOnly]
        public static void Deallocate(nint self) => Instance.Deallocate(self, References);

        [UnmanagedCallersOnly]
        public static int Traverse(nint self, nint visit, nint argument) => Instance.Traverse(self, visit, argument, References);

        [UnmanagedCallersOnly]
        public static int Clear(nint self) => Instance.Clear(self, References);
    }
}
