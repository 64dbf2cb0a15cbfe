using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Certificates;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Context;

namespace SslModule.CPython.Surface;

/// <content>The methods.</content>
internal static unsafe partial class ContextType
{
    private const int LongestPassword = 1024;
    private const string NotData = "cadata should be an ASCII string or a bytes-like object";

    private static readonly Signature LoadCertChainSignature = new("load_cert_chain", 1, "certfile", "keyfile", "password");
    private static readonly Signature LoadVerifySignature = new("load_verify_locations", 0, "cafile", "capath", "cadata");
    private static readonly Signature GetCaCertsSignature = new("get_ca_certs", 0, "binary_form");
    private static readonly Signature WrapSocketSignature = new("_wrap_socket", 2, "sock", "server_side", "server_hostname", "owner", "session") { Positional = 3 };
    private static readonly Signature WrapBioSignature = new("_wrap_bio", 3, "incoming", "outgoing", "server_side", "server_hostname", "owner", "session") { Positional = 4 };

    private static PyMethodDef* Methods() => Tables.Terminated<PyMethodDef>(
        Tables.Method("_wrap_socket", &Trampoline.WrapSocket, "sock, server_side, server_hostname=None, *, owner=None, session=None", "Make an _SSLSocket over a socket."),
        Tables.Method("_wrap_bio", &Trampoline.WrapBio, "incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None", "Make an _SSLSocket over two memory BIOs."),
        Tables.Method("set_ciphers", &Trampoline.SetCiphers, "cipherlist", "Choose the ciphers by an OpenSSL cipher list."),
        Tables.Method("set_psk_client_callback", &Trampoline.SetPskClient, "callback", "Set the callback that answers (identity, key) for a hint."),
        Tables.Method("set_psk_server_callback", &Trampoline.SetPskServer, "callback, identity_hint=None", "Set the callback that answers the key of an identity."),
        Tables.Method("set_ciphersuites", &Trampoline.SetCipherSuites, "ciphersuites", "Choose the TLS 1.3 ciphers by their names."),
        Tables.Method("set_groups", &Trampoline.SetGroups, "grouplist", "Choose the key-exchange groups by a list in OpenSSL's form."),
        Tables.Method("get_groups", &Trampoline.GetGroups, "*, include_aliases=False", "The names of the groups that the versions in force can use."),
        Tables.Method("set_client_sigalgs", &Trampoline.SetClientSigalgs, "sigalgslist", "Choose how clients sign the handshake."),
        Tables.Method("set_server_sigalgs", &Trampoline.SetServerSigalgs, "sigalgslist", "Choose how servers sign the handshake."),
        Tables.Method("get_ciphers", &Trampoline.GetCiphers, "The enabled ciphers, in order, as dicts."),
        Tables.Method("_set_alpn_protocols", &Trampoline.SetAlpn, "protos", "Set the ALPN protocols from their wire form."),
        Tables.Method("load_cert_chain", &Trampoline.LoadCertChain, "certfile, keyfile=None, password=None", "Load a certificate chain and its key from PEM files."),
        Tables.Method("load_dh_params", &Trampoline.LoadDh, "path", "Load Diffie-Hellman parameters from a PEM file."),
        Tables.Method("load_verify_locations", &Trampoline.LoadVerify, "cafile=None, capath=None, cadata=None", "Trust the certificates of a file, a directory or data."),
        Tables.Method("session_stats", &Trampoline.SessionStats, "The session statistics as a dict."),
        Tables.Method("set_default_verify_paths", &Trampoline.SetDefaultPaths, "Trust the system's certificates."),
        Tables.Method("set_ecdh_curve", &Trampoline.SetCurve, "name", "Set the curve for ECDH key exchange."),
        Tables.Method("cert_store_stats", &Trampoline.CertStoreStats, "Count the loaded certificates and CRLs."),
        Tables.Method("get_ca_certs", &Trampoline.GetCaCerts, "binary_form=False", "The loaded CA certificates as dicts or, with binary_form=True, as DER."));

    private static nint LoadCertChain(nint self, in Arguments arguments)
    {
        string certFile = Values.Path(arguments[0], "certfile should be a valid filesystem path");
        string? keyFile = arguments.Has(1) ? Values.Path(arguments[1], "keyfile should be a valid filesystem path") : null;
        using var password = arguments.Has(2) ? new Password(arguments[2]) : null;
        Of(self).LoadCertChain(certFile, keyFile, password is null ? null : password.Ask);
        return Values.None();
    }

    /// <summary>The password of a private key, cleared when the key is loaded.</summary>
    private sealed class Password : IDisposable
    {
        private readonly nint _callable;
        private byte[] _bytes = [];

        public Password(nint value)
        {
            if (PythonApi.PyCallable_Check(value) != 0)
            {
                _callable = value;
            }
            else
            {
                _bytes = PasswordBytes(value, "password should be a string or callable");
            }
        }

        public byte[] Ask()
        {
            if (_callable != 0)
            {
                using var answer = new Owned(Values.Call(_callable));
                _bytes = PasswordBytes(answer.Value, "password callback must return a string");
            }

            return Checked(_bytes);
        }

        public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
    }

    private static byte[] PasswordBytes(nint value, string complaint)
    {
        if (Values.IsUnicode(value))
        {
            return Encoding.UTF8.GetBytes(Values.Text(value));
        }

        if (Values.IsBytes(value) || Values.IsInstance(value, PythonData.ByteArrayType))
        {
            using var bytes = new BufferView(value);
            return bytes.Span.ToArray();
        }

        throw PythonRaise.TypeError(complaint);
    }

    // The length matters when a key is encrypted and asks.
    private static byte[] Checked(byte[] password)
        => password.Length <= LongestPassword
            ? password
            : throw PythonRaise.ValueError($"password cannot be longer than {LongestPassword} bytes");

    private static nint LoadVerify(nint self, in Arguments arguments)
    {
        if (!arguments.Has(0) && !arguments.Has(1) && !arguments.Has(2))
        {
            throw PythonRaise.TypeError("cafile, capath and cadata cannot be all omitted");
        }

        string? file = arguments.Has(0) ? Values.Path(arguments[0], "cafile should be a valid filesystem path") : null;
        string? directory = arguments.Has(1) ? Values.Path(arguments[1], "capath should be a valid filesystem path") : null;
        if (arguments.Has(2))
        {
            LoadData(Of(self), arguments[2]);
        }

        Of(self).LoadVerifyLocations(file, directory);
        return Values.None();
    }

    private static void LoadData(TlsContext context, nint data)
    {
        if (Values.IsUnicode(data))
        {
            nint ascii = PythonApi.PyUnicode_AsASCIIString(data);
            if (ascii == 0)
            {
                PythonApi.PyErr_Clear();
                throw PythonRaise.TypeError(NotData);
            }

            PythonApi.Py_DecRef(ascii);
            context.LoadVerifyPem(Values.Text(data));
            return;
        }

        context.LoadVerifyDer(DataBytes(data));
    }

    private static byte[] DataBytes(nint data)
    {
        try
        {
            using var view = new BufferView(data);
            return view.Span.ToArray();
        }
        catch (PythonErrorSet) when (PythonApi.PyErr_ExceptionMatches(PythonData.TypeError) != 0)
        {
            PythonApi.PyErr_Clear();
            throw PythonRaise.TypeError(NotData);
        }
    }

    private static nint SetCipherSuites(nint self, nint list)
    {
        Of(self).SetCipherSuites(Values.Text(list));
        return Values.None();
    }

    private static nint SetCiphers(nint self, nint list)
    {
        Of(self).SetCiphers(Values.TextArgument(list, "set_ciphers() argument"));
        return Values.None();
    }

    private static nint GetCiphers(nint self) => Values.List(Of(self).EnabledCiphers, Cipher);

    private static nint Cipher(CipherSuiteInfo suite)
    {
        using var dict = new Owned(PythonApi.PyDict_New());
        Values.Put(dict.Value, "id", Values.Int(suite.OpenSslId));
        Values.Put(dict.Value, "name", Values.Str(suite.Name));
        Values.Put(dict.Value, "protocol", Values.Str(suite.Protocol));
        Values.Put(dict.Value, "description", Values.Str(suite.Description));
        Values.Put(dict.Value, "strength_bits", Values.Int(suite.StrengthBits));
        Values.Put(dict.Value, "alg_bits", Values.Int(suite.AlgBits));
        Values.Put(dict.Value, "aead", Values.Bool(suite.Aead));
        Values.Put(dict.Value, "symmetric", Values.StrOrNone(suite.Symmetric));
        Values.Put(dict.Value, "digest", Values.StrOrNone(suite.Digest));
        Values.Put(dict.Value, "kea", Values.StrOrNone(suite.Kea));
        Values.Put(dict.Value, "auth", Values.StrOrNone(suite.Auth));
        return dict.Give();
    }

    private static nint SetAlpn(nint self, nint wire)
    {
        using var protocols = new BufferView(wire);
        Of(self).SetAlpnProtocols(protocols.Span);
        return Values.None();
    }

    private static nint LoadDh(nint self, nint path)
    {
        Of(self).LoadDhParams(Values.Path(path, null));
        return Values.None();
    }

    private static nint SetCurve(nint self, nint name)
    {
        if (Of(self).TrySetEcdhCurve(Values.Path(name, null)))
        {
            return Values.None();
        }

        using var text = new Owned(PythonApi.PyObject_Repr(name));
        throw PythonRaise.ValueError($"unknown elliptic curve name {Values.Text(text.Value)}");
    }

    private static nint SetDefaultPaths(nint self)
    {
        Of(self).SetDefaultVerifyPaths();
        return Values.None();
    }

    private static nint SessionStats(nint self)
    {
        using var dict = new Owned(PythonApi.PyDict_New());
        foreach ((string name, long count) in Of(self).Statistics.Snapshot())
        {
            Values.Put(dict.Value, name, Values.Int(count));
        }

        return dict.Give();
    }

    private static nint CertStoreStats(nint self)
    {
        CertStoreStats counts = Of(self).Trust.Count();
        using var dict = new Owned(PythonApi.PyDict_New());
        Values.Put(dict.Value, "x509", Values.Int(counts.Certificates));
        Values.Put(dict.Value, "crl", Values.Int(counts.RevocationLists));
        Values.Put(dict.Value, "x509_ca", Values.Int(counts.Authorities));
        return dict.Give();
    }

    private static nint GetCaCerts(nint self, in Arguments arguments)
    {
        bool binary = arguments[0] != 0 && Values.Truth(arguments[0]);
        return Values.List(
            Of(self).Trust.Authorities(),
            certificate => binary ? Values.Bytes(certificate.Encoded.Span) : CertificateValues.Decoded(certificate));
    }

    private static nint WrapSocket(nint self, in Arguments arguments) => SocketType.Wrap(self, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]);

    private static nint WrapBio(nint self, in Arguments arguments) => SocketType.WrapBio(self, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);

    private static partial class Trampoline
    {
        [UnmanagedCallersOnly]
        public static nint WrapSocket(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ContextType.WrapSocket, WrapSocketSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint WrapBio(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ContextType.WrapBio, WrapBioSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint SetCipherSuites(nint self, nint argument) => Trampolines.Call(&ContextType.SetCipherSuites, self, argument);

        [UnmanagedCallersOnly]
        public static nint SetCiphers(nint self, nint argument) => Trampolines.Call(&ContextType.SetCiphers, self, argument);

        [UnmanagedCallersOnly]
        public static nint GetCiphers(nint self, nint unused) => Trampolines.Call(&ContextType.GetCiphers, self);

        [UnmanagedCallersOnly]
        public static nint SetAlpn(nint self, nint argument) => Trampolines.Call(&ContextType.SetAlpn, self, argument);

        [UnmanagedCallersOnly]
        public static nint LoadCertChain(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ContextType.LoadCertChain, LoadCertChainSignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint LoadDh(nint self, nint argument) => Trampolines.Call(&ContextType.LoadDh, self, argument);

        [UnmanagedCallersOnly]
        public static nint LoadVerify(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ContextType.LoadVerify, LoadVerifySignature, self, given, count, names);

        [UnmanagedCallersOnly]
        public static nint SessionStats(nint self, nint unused) => Trampolines.Call(&ContextType.SessionStats, self);

        [UnmanagedCallersOnly]
        public static nint SetDefaultPaths(nint self, nint unused) => Trampolines.Call(&ContextType.SetDefaultPaths, self);

        [UnmanagedCallersOnly]
        public static nint SetCurve(nint self, nint argument) => Trampolines.Call(&ContextType.SetCurve, self, argument);

        [UnmanagedCallersOnly]
        public static nint CertStoreStats(nint self, nint unused) => Trampolines.Call(&ContextType.CertStoreStats, self);

        [UnmanagedCallersOnly]
        public static nint GetCaCerts(nint self, nint* given, nint count, nint names) => Trampolines.Call(&ContextType.GetCaCerts, GetCaCertsSignature, self, given, count, names);
    }
}
