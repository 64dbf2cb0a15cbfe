using System.Runtime.InteropServices;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;

namespace SslModule.CPython.Surface;

/// <content>What a connection knows, and the tables of methods and attributes.</content>
internal static unsafe partial class SocketType
{
    private static readonly Signature ChannelBindingSignature = new("get_channel_binding", 0, "cb_type");

    private static PyMethodDef* Methods() => Tables.Terminated<PyMethodDef>(
        Tables.Method("do_handshake", &Trampoline.DoHandshake, "Perform the handshake."),
        Tables.Method("write", &Trampoline.Write, "b", "Write the bytes-like object b; return the number of bytes written."),
        Tables.Method("read", &Trampoline.Read, "len, buffer=None", "Read up to len bytes, into buffer when one is given."),
        Tables.Method("pending", &Trampoline.Pending, "The number of already decrypted bytes available for read."),
        Tables.Method("getpeercert", &Trampoline.PeerCert, "der=False", "The peer's certificate: a dict, DER bytes with binary_mode, or None."),
        Tables.Method("get_channel_binding", &Trampoline.ChannelBinding, "cb_type='tls-unique'", "Channel binding data of the given type (RFC 5929)."),
        Tables.Method("cipher", &Trampoline.Cipher, "The cipher in use: (name, protocol version, secret bits)."),
        Tables.Method("shared_ciphers", &Trampoline.SharedCiphers, "On a server, the ciphers both ends have."),
        Tables.Method("version", &Trampoline.Version, "The protocol version in use."),
        Tables.Method("selected_alpn_protocol", &Trampoline.SelectedAlpn, "The protocol that ALPN settled on."),
        Tables.Method("group", &Trampoline.Group, "The group that the keys were agreed on in."),
        Tables.Method("client_sigalg", &Trampoline.ClientSigalg, "How the client signed the handshake."),
        Tables.Method("server_sigalg", &Trampoline.ServerSigalg, "How the server signed the handshake."),
        Tables.Method("uses_ktls_for_send", &Trampoline.UsesKernelTls, "Whether the kernel seals what is sent: never."),
        Tables.Method("uses_ktls_for_recv", &Trampoline.UsesKernelTls, "Whether the kernel opens what is received: never."),
        Tables.Method("sendfile", &Trampoline.SendFile, "fd, offset, size, flags=0", "Send a part of a file by the kernel, which is not possible: uses_ktls_for_send() says so."),
        Tables.Method("compression", &Trampoline.Compression, "The compression in use: None."),
        Tables.Method("shutdown", &Trampoline.Shutdown, "Exchange close_notify; return the socket."),
        Tables.Method("verify_client_post_handshake", &Trampoline.VerifyClient, "Ask the client for a certificate after the handshake (TLS 1.3)."),
        Tables.Method("get_unverified_chain", &Trampoline.UnverifiedChain, "The certificates as the peer sent them."),
        Tables.Method("get_verified_chain", &Trampoline.VerifiedChain, "The chain that verified."));

    private static PyGetSetDef* Properties() => Tables.Terminated<PyGetSetDef>(
        Tables.Property("context", &GetContext, &SetContext, "The context of the connection; set in an SNI callback it changes the handshake."),
        Tables.Property("server_side", &GetServerSide, doc: "Whether this is a server-side socket."),
        Tables.Property("server_hostname", &GetServerHostname, doc: "The currently set server hostname (for SNI)."),
        Tables.Property("owner", &GetOwner, &SetOwner, "The Python-level owner of this object."),
        Tables.Property("session", &GetSession, &SetSession, "The underlying SSLSession object."),
        Tables.Property("session_reused", &GetSessionReused, doc: "Was the client session reused during handshake?"));

    private static nint Pending(nint self) => Values.Int(Of(self).Connection.Pending);

    private static nint PeerCert(nint self, nint* given, nint count)
    {
        Arguments.CheckPositional("getpeercert", count, 0, 1);
        bool binary = count > 0 && Values.Truth(given[0]);
        TlsConnection connection = Of(self).Connection;
        if (!connection.IsHandshakeComplete)
        {
            throw PythonRaise.ValueError("handshake not done yet");
        }

        if (connection.PeerCertificate is not { } certificate)
        {
            return Values.None();
        }

        if (binary)
        {
            return Values.Bytes(certificate.Encoded.Span);
        }

        return connection.VerifyMode == VerifyMode.None
            ? Values.Check(PythonApi.PyDict_New())
            : CertificateValues.Decoded(certificate);
    }

    private static nint ChannelBinding(nint self, in Arguments arguments)
    {
        string type = arguments[0] == 0 ? "tls-unique" : Values.TextArgument(arguments[0], "get_channel_binding() argument 'cb_type'");
        return Of(self).Connection.GetChannelBinding(type) is { } data ? Values.Bytes(data) : Values.None();
    }

    private static nint Cipher(nint self) => Of(self).Connection.Cipher is { } suite ? CipherTuple(suite) : Values.None();

    // Until 3.11.4 the answer was this end's own list, at any time and on either side.
    private static nint SharedCiphers(nint self)
        => (PythonData.Since(11, 4) ? Of(self).Connection.SharedCiphers : Of(self).Connection.Context.EnabledCiphers) is { } suites
            ? Values.List(suites, CipherTuple)
            : Values.None();

    private static nint CipherTuple(CipherSuiteInfo suite)
        => Values.Tuple(Values.Str(suite.Name), Values.Str(suite.Protocol), Values.Int(suite.StrengthBits));

    private static nint Version(nint self) => Values.StrOrNone(Of(self).Connection.Version);

    private static nint Group(nint self) => Values.StrOrNone(Of(self).Connection.Group);

    private static nint ClientSigalg(nint self) => Values.StrOrNone(Of(self).Connection.ClientSignature);

    private static nint ServerSigalg(nint self) => Values.StrOrNone(Of(self).Connection.ServerSignature);

    private static nint SelectedAlpn(nint self)
        => Of(self).Connection.SelectedAlpn is { } protocol ? Values.Str(System.Text.Encoding.UTF8.GetString(protocol)) : Values.None();

    private static nint Compression(nint self) => Values.StrOrNone(Of(self).Connection.Compression);

    private static nint VerifyClient(nint self)
    {
        try
        {
            SocketHandle handle = Of(self);
            using (new Unlocked(handle))
            {
                handle.Connection.RequestClientCertificate();
            }

            return Values.None();
        }
        catch (TlsError error)
        {
            return SslErrors.Raise(error, SslErrors.Origin.Library);
        }
    }

    // Python 3.14 began to answer in resumed connections.
    private static nint UnverifiedChain(nint self)
        => Chain(PythonData.Since(14) ? Of(self).Connection.KeptChain : Of(self).Connection.SentChain);

    private static nint VerifiedChain(nint self) => Chain(Of(self).Connection.BuiltChain);

    private static nint Chain(IReadOnlyList<Certificate>? chain)
        => chain is null || chain.Count == 0 ? Values.None() : Values.List(chain, CertificateType.Make);

    private static nint GetContext(nint self) => Values.New(Instance.Reference(self, ContextReference));

    private static void SetContext(nint self, nint value)
    {
        if (!Values.IsInstance(value, ContextType.Type))
        {
            throw PythonRaise.TypeError("The value must be a SSLContext");
        }

        SocketHandle handle = Of(self);
        handle.KeepReplaced(Instance.Reference(self, ContextReference));
        handle.Connection.Context = ContextType.Of(value);
        Instance.SetReference(self, ContextReference, value);
    }

    private static nint GetServerSide(nint self) => Values.Bool(Of(self).Connection.ServerSide);

    private static nint GetServerHostname(nint self) => Values.StrOrNone(Of(self).Connection.ServerHostname);

    private static nint GetOwner(nint self)
    {
        nint weak = Instance.Reference(self, OwnerReference);
        return Values.New(weak == 0 ? PythonData.None : PythonApi.PyWeakref_GetObject(weak));
    }

    private static void SetOwner(nint self, nint value) => SetWeakReference(self, OwnerReference, value);

    private static nint GetSession(nint self) => Of(self).Connection.Session is { } session ? SessionType.Make(session) : Values.None();

    private static void SetSession(nint self, nint value)
    {
        if (!Values.IsInstance(value, SessionType.Type))
        {
            throw PythonRaise.TypeError("Value is not a SSLSession.");
        }

        TlsSession session = SessionType.Of(value);
        SocketHandle handle = Of(self);
        using var step = new Unlocked(handle);
        handle.Connection.Session = session;
    }

    private static nint GetSessionReused(nint self) => Values.Bool(Of(self).Connection.SessionReused);

    // The engine seals and opens every record itself; OP_ENABLE_KTLS asks for what may be refused.
    private static nint UsesKernelTls(nint self) => Values.Bool(false);

    // As OpenSSL answers where the kernel does not seal.
    private static nint SendFile(nint self, nint* given, nint count)
    {
        if (count is < 3 or > 4)
        {
            throw PythonRaise.TypeError($"sendfile expected 3 to 4 arguments, got {count}");
        }

        using var socket = new HeldSocket(self, Of(self));
        return RaisesEnd(Of(self)) || !socket.Begin(out _) ? 0
            : SslErrors.Raise(TlsError.Numbered("Some I/O error occurred in sendfile()"), SslErrors.Origin.Library);
    }

    private static partial class Trampoline
    {
        [UnmanagedCallersOnly]
        public static nint DoHandshake(nint self, nint unused) => Trampolines.Call(&SocketType.DoHandshake, self);

        [UnmanagedCallersOnly]
        public static nint Write(nint self, nint argument) => Trampolines.Call(&SocketType.Write, self, argument);

        [UnmanagedCallersOnly]
        public static nint Read(nint self, nint* given, nint count) => Trampolines.Call(&SocketType.Read, self, given, count);

        [UnmanagedCallersOnly]
        public static nint Pending(nint self, nint unused) => Trampolines.Call(&SocketType.Pending, self);

        [UnmanagedCallersOnly]
        public static nint PeerCert(nint self, nint* given, nint count) => Trampolines.Call(&SocketType.PeerCert, self, given, count);

        [UnmanagedCallersOnly]
        public static nint ChannelBinding(nint self, nint* given, nint count, nint names) => Trampolines.Call(&SocketType.ChannelBinding, ChannelBindingSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint Cipher(nint self, nint unused) => Trampolines.Call(&SocketType.Cipher, self);

        [UnmanagedCallersOnly]
        public static nint SharedCiphers(nint self, nint unused) => Trampolines.Call(&SocketType.SharedCiphers, self);

        [UnmanagedCallersOnly]
        public static nint Version(nint self, nint unused) => Trampolines.Call(&SocketType.Version, self);

        [UnmanagedCallersOnly]
        public static nint Group(nint self, nint unused) => Trampolines.Call(&SocketType.Group, self);

        [UnmanagedCallersOnly]
        public static nint ClientSigalg(nint self, nint unused) => Trampolines.Call(&SocketType.ClientSigalg, self);

        [UnmanagedCallersOnly]
        public static nint ServerSigalg(nint self, nint unused) => Trampolines.Call(&SocketType.ServerSigalg, self);

        [UnmanagedCallersOnly]
        public static nint SelectedAlpn(nint self, nint unused) => Trampolines.Call(&SocketType.SelectedAlpn, self);

        [UnmanagedCallersOnly]
        public static nint Compression(nint self, nint unused) => Trampolines.Call(&SocketType.Compression, self);

        [UnmanagedCallersOnly]
        public static nint UsesKernelTls(nint self, nint unused) => Trampolines.Call(&SocketType.UsesKernelTls, self);

        [UnmanagedCallersOnly]
        public static nint SendFile(nint self, nint* given, nint count) => Trampolines.Call(&SocketType.SendFile, self, given, count);

        [UnmanagedCallersOnly]
        public static nint Shutdown(nint self, nint unused) => Trampolines.Call(&SocketType.Shutdown, self);

        [UnmanagedCallersOnly]
        public static nint VerifyClient(nint self, nint unused) => Trampolines.Call(&SocketType.VerifyClient, self);

        [UnmanagedCallersOnly]
        public static nint UnverifiedChain(nint self, nint unused) => Trampolines.Call(&SocketType.UnverifiedChain, self);

        [UnmanagedCallersOnly]
        public static nint VerifiedChain(nint self, nint unused) => Trampolines.Call(&SocketType.VerifiedChain, self);
    }
}
