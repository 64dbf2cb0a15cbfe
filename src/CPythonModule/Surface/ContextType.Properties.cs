using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Context;

namespace SslModule.CPython.Surface;

/// <content>The attributes.</content>
internal static unsafe partial class ContextType
{
    private static PyGetSetDef* Properties() => Tables.Terminated<PyGetSetDef>(
        Tables.Property("check_hostname", &GetCheckHostname, &SetCheckHostname),
        Tables.Property("_host_flags", &GetHostFlags, &SetHostFlags),
        Tables.Property("keylog_filename", &GetKeyLog, &SetKeyLog),
        Tables.Property("maximum_version", &GetMaximumVersion, &SetMaximumVersion),
        Tables.Property("minimum_version", &GetMinimumVersion, &SetMinimumVersion),
        Tables.Property("_msg_callback", &GetMessageCallback, &SetMessageCallback),
        Tables.Property("num_tickets", &GetNumTickets, &SetNumTickets, "Control the number of TLSv1.3 session tickets"),
        Tables.Property("options", &GetOptions, &SetOptions),
        Tables.Property("post_handshake_auth", &GetPostHandshakeAuth, &SetPostHandshakeAuth),
        Tables.Property("protocol", &GetProtocol),
        Tables.Property("security_level", &GetSecurityLevel, doc: "The current security level"),
        Tables.Property("single_use_tickets", &GetSingleUseTickets, &SetSingleUseTickets, "Whether a client offers each TLSv1.3 ticket once."),
        Tables.Property("sni_callback", &GetServerNameCallback, &SetServerNameCallback, "Set a callback that will be called when a server name is provided by the SSL/TLS client in the SNI extension."),
        Tables.Property("verify_flags", &GetVerifyFlags, &SetVerifyFlags),
        Tables.Property("verify_mode", &GetVerifyMode, &SetVerifyMode));

    private static nint GetCheckHostname(nint self) => Values.Bool(Of(self).CheckHostname);

    private static void SetCheckHostname(nint self, nint value) => Of(self).CheckHostname = Values.Truth(value);

    private static nint GetHostFlags(nint self) => Values.Int((uint)Of(self).HostFlags);

    // CPython keeps the low 32 bits, and so do we: _host_flags is between ssl.py and this module.
    private static void SetHostFlags(nint self, nint value)
    {
        ulong flags = PythonApi.PyLong_AsUnsignedLongLongMask(value);
        Of(self).HostFlags = flags == ulong.MaxValue && PythonApi.PyErr_Occurred() != 0 ? throw PythonErrorSet.Instance : unchecked((int)(uint)flags);
    }

    private static nint GetKeyLog(nint self) => Values.New(Instance.Reference(self, KeyLogName) is var name and not 0 ? name : PythonData.None);

    private static void SetKeyLog(nint self, nint value)
    {
        // As CPython does it: a name that cannot be opened, or is none, ends the former log.
        Of(self).KeyLogFilename = null;
        Instance.SetReference(self, KeyLogName, PythonData.None);
        Of(self).KeyLogFilename = value == PythonData.None ? null : Values.Path(value, null);
        Instance.SetReference(self, KeyLogName, value);
    }

    private static nint GetMinimumVersion(nint self) => Values.Int(Of(self).MinimumVersion);

    private static void SetMinimumVersion(nint self, nint value) => Of(self).MinimumVersion = Version(value);

    private static nint GetMaximumVersion(nint self) => Values.Int(Of(self).MaximumVersion);

    private static void SetMaximumVersion(nint self, nint value) => Of(self).MaximumVersion = Version(value);

    private static int Version(nint value)
    {
        long number = Values.Long(value);
        int version = number is >= int.MinValue and <= int.MaxValue ? (int)number : throw PythonRaise.Overflow("Option is too long");
        string? deprecated = version switch
        {
            0x0300 => "ssl.TLSVersion.SSLv3 is deprecated",
            0x0301 => "ssl.TLSVersion.TLSv1 is deprecated",
            0x0302 => "ssl.TLSVersion.TLSv1_1 is deprecated",
            _ => null,
        };
        if (deprecated is not null)
        {
            PythonErrors.Deprecated(deprecated);
        }

        return version;
    }

    private static nint GetNumTickets(nint self) => Values.Int(Of(self).NumTickets);

    private static void SetNumTickets(nint self, nint value) => Of(self).NumTickets = Values.Long(value);

    // A C long until Python 3.11, 64 bits without a sign since.
    private static nint GetOptions(nint self) => PythonData.Since(12)
        ? Values.Check(PythonApi.PyLong_FromUnsignedLongLong(Of(self).Options))
        : Values.Int(unchecked((long)Of(self).Options));

    private static void SetOptions(nint self, nint value)
    {
        ulong options = PythonData.Since(12) ? Unsigned(value) : unchecked((ulong)Values.Long(value));
        const TlsOptions Deprecated = TlsOptions.NoSslV3 | TlsOptions.NoTlsV1 | TlsOptions.NoTlsV1_1 | TlsOptions.NoTlsV1_2 | TlsOptions.NoTlsV1_3;
        TlsContext context = Of(self);
        if (((TlsOptions)(options & ~context.Options) & Deprecated) != 0)
        {
            PythonErrors.Deprecated("ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated");
        }

        context.Options = options;
    }

    private static ulong Unsigned(nint value)
    {
        if (PythonData.Since(14))
        {
            return UnsignedIndex(value);
        }

        if (!Values.IsLong(value))
        {
            throw PythonRaise.TypeError($"argument must be int, not {Values.ArgumentName(value)}");
        }

        ulong number = PythonApi.PyLong_AsUnsignedLongLong(value);
        return number == ulong.MaxValue && PythonApi.PyErr_Occurred() != 0 ? throw PythonErrorSet.Instance : number;
    }

    // Python 3.14 takes what turns into an int, and has words of its own for one that does not fit.
    private static ulong UnsignedIndex(nint value)
    {
        using var index = new Owned(PythonApi.PyNumber_Index(value));
        if (Values.IsNegative(index.Value))
        {
            throw PythonRaise.ValueError("Cannot convert negative int");
        }

        ulong number = PythonApi.PyLong_AsUnsignedLongLong(index.Value);
        if (number == ulong.MaxValue && PythonApi.PyErr_Occurred() != 0)
        {
            PythonApi.PyErr_Clear();
            throw PythonRaise.Overflow("Python int too large for C unsigned long long");
        }

        return number;
    }

    private static nint GetSingleUseTickets(nint self) => Values.Bool(Of(self).SingleUseTickets);

    private static void SetSingleUseTickets(nint self, nint value) => Of(self).SingleUseTickets = Values.Truth(value);

    private static nint GetPostHandshakeAuth(nint self) => Values.Bool(Of(self).PostHandshakeAuth);

    private static void SetPostHandshakeAuth(nint self, nint value) => Of(self).PostHandshakeAuth = Values.Truth(value);

    private static nint GetProtocol(nint self) => Values.Int((long)Of(self).Protocol);

    private static nint GetSecurityLevel(nint self) => Values.Int(Of(self).SecurityLevel);

    private static nint GetVerifyFlags(nint self) => Values.Check(PythonApi.PyLong_FromUnsignedLongLong(unchecked((ulong)Of(self).VerifyFlags)));

    private static void SetVerifyFlags(nint self, nint value) => Of(self).VerifyFlags = unchecked((long)Values.Mask(value));

    private static nint GetVerifyMode(nint self) => Values.Int((long)Of(self).VerifyMode);

    private static void SetVerifyMode(nint self, nint value) => Of(self).VerifyMode = (VerifyMode)Values.Int32Value(value);
}
