using IronPython.Runtime;
using IronPython.Runtime.Exceptions;
using IronPython.Runtime.Operations;
using IronPython.Runtime.Types;
using SslModule.Engine.Errors;

namespace SslModule.IronPython;

/// <summary>The module's exceptions, and how an engine failure becomes one of them.</summary>
internal static class SslErrors
{
    private const int BadDescriptor = 9;
    private const string Base = "SSLError";
    private const string Verification = "SSLCertVerificationError";
    private const string ZeroReturn = "SSLZeroReturnError";
    private const string WantRead = "SSLWantReadError";
    private const string WantWrite = "SSLWantWriteError";
    private const string Syscall = "SSLSyscallError";
    private const string Eof = "SSLEOFError";

    /// <summary>Where a failure arose: it decides what <c>args[0]</c> holds.</summary>
    public enum Origin
    {
        /// <summary>A context or a helper: the number is OpenSSL's reason code.</summary>
        Library,

        /// <summary>A connection: the number is one of SSL_ERROR_*.</summary>
        Connection,
    }

    /// <summary>Makes the seven exception types, once for each Python engine.</summary>
    public static void Publish(PythonContext context, PythonDictionary dict)
    {
        PythonType error = Ensure(context, dict, Base, PythonExceptions.OSError);
        var shared = new CodeContext(dict, new ModuleContext(dict, context));
        PythonType members = DynamicHelpers.GetPythonTypeFromType(typeof(SslErrorObject));
        foreach (string name in (string[])["__str__", "__reduce__", "__reduce_ex__", "explanation"])
        {
            PythonOps.SetAttr(shared, error, name, PythonOps.GetBoundAttr(shared, members, name));
        }

        Ensure(context, dict, Verification, error, PythonExceptions.ValueError);
        foreach (string name in (string[])[ZeroReturn, WantRead, WantWrite, Syscall, Eof])
        {
            Ensure(context, dict, name, error);
        }
    }

    /// <summary>The exception for an engine failure.</summary>
    public static Exception Make(CodeContext context, TlsError error, Origin origin) => error.Kind switch
    {
        TlsErrorKind.System when error.WindowsError != 0 => PythonOps.CreateThrowable(PythonExceptions.OSError, 0, error.Message, null!, error.WindowsError),
        TlsErrorKind.System => error.FileName is null
            ? PythonOps.CreateThrowable(PythonExceptions.OSError, error.Errno, error.Message)
            : PythonOps.CreateThrowable(PythonExceptions.OSError, error.Errno, error.Message, error.FileName),
        TlsErrorKind.Value => Values.ValueError(error.Message),
        TlsErrorKind.Ssl when error.Library is null && !error.IsNumbered => PythonOps.CreateThrowable(Type(context, Base), error.Message),
        TlsErrorKind.CertificateVerification => MakeRefusal(context, error, null),
        TlsErrorKind.ZeroReturn => Numbered(context, ZeroReturn, (int)SslErrorNumber.ZeroReturn, error),
        TlsErrorKind.Eof => Numbered(context, Eof, (int)SslErrorNumber.Eof, error),
        _ => Numbered(context, Base, origin == Origin.Connection && error.Library is not null ? (int)SslErrorNumber.Ssl : (int)error.Code, error),
    };

    /// <summary>SSLCertVerificationError, with the names of the certificate when they are the reason.</summary>
    public static Exception MakeRefusal(CodeContext context, TlsError error, string? mismatch)
    {
        string message = error.Describe();
        if (mismatch is not null)
        {
            message = message.Insert(message.LastIndexOf(" (", StringComparison.Ordinal), " " + mismatch);
        }

        Exception exception = Numbered(context, Verification, (int)SslErrorNumber.Ssl, message, error);
        object python = PythonExceptions.ToPython(exception);
        PythonOps.SetAttr(context, python, "verify_code", error.VerifyCode);
        PythonOps.SetAttr(context, python, "verify_message", error.VerifyMessage);
        return exception;
    }

    /// <summary>SSLWantReadError.</summary>
    public static Exception MakeWantRead(CodeContext context)
        => Numbered(context, WantRead, (int)SslErrorNumber.WantRead, "The operation did not complete (read) (_ssl.c:1)");

    /// <summary>SSLWantWriteError.</summary>
    public static Exception MakeWantWrite(CodeContext context)
        => Numbered(context, WantWrite, (int)SslErrorNumber.WantWrite, "The operation did not complete (write) (_ssl.c:1)");

    /// <summary>The SSLError for a socket that was collected.</summary>
    public static Exception MakeGone(CodeContext context)
        => Make(context, TlsError.Numbered("Underlying socket connection gone"), Origin.Library);

    /// <summary>What a step says of a socket that was closed under it: as CPython's, writing to one with a timeout has a text of its own.</summary>
    public static Exception MakeClosed(CodeContext context, bool writingInTime)
        => Make(context, writingInTime ? TlsError.Plain("Underlying socket has been closed.") : TlsError.System(BadDescriptor, "Bad file descriptor"), Origin.Library);

    /// <summary><c>socket.timeout</c> with CPython's message.</summary>
    public static Exception MakeTimeout(CodeContext context, string message)
        => PythonOps.CreateThrowable((PythonType)context.LanguageContext.GetModuleState("sockettimeout"), message);

    private static Exception Numbered(CodeContext context, string type, int number, TlsError error)
        => Numbered(context, type, number, error.Describe(), error);

    private static Exception Numbered(CodeContext context, string type, int number, string message, TlsError? error = null)
    {
        Exception exception = PythonOps.CreateThrowable(Type(context, type), number, message);
        object python = PythonExceptions.ToPython(exception);
        PythonOps.SetAttr(context, python, "library", error?.Library);
        PythonOps.SetAttr(context, python, "reason", error?.Reason);
        if (error?.LazyExplanation is { } explanation)
        {
            ((SslErrorObject)python).Explain(explanation);
        }

        return exception;
    }

    private static PythonType Type(CodeContext context, string name) => (PythonType)context.LanguageContext.GetModuleState(Key(name));

    private static PythonType Ensure(PythonContext context, PythonDictionary dict, string name, params PythonType[] bases)
        => context.EnsureModuleException(Key(name), bases, typeof(SslErrorObject), dict, name, "ssl");

    // The keys of module state are shared by all modules of an engine.
    private static string Key(string name) => "SslModule." + name;
}

/// <summary>The .NET object behind an SSLError: its text is <c>strerror</c> alone when that is a text, as CPython's.</summary>
public class SslErrorObject : PythonExceptions._OSError
{
    // Where a text is that was set, or came by pickle.
    private const string Kept = "_explanation";

    private Lazy<string?>? _lazy;

    /// <summary>For IronPython's own use.</summary>
    public SslErrorObject(PythonType type)
        : base(type)
    {
    }

    /// <summary>What failed and what would help, in lines for a person to read; None where there is nothing to add.</summary>
    public object? explanation
    {
        get => Own is { } own && own.TryGetValue(Kept, out object? kept) ? kept : _lazy?.Value;
        set => PythonOps.SetAttr(DefaultContext.Default, this, Kept, value);
    }

    private PythonDictionary? Own => PythonOps.GetBoundAttr(DefaultContext.Default, this, "__dict__") as PythonDictionary;

    /// <summary>Sets what is put together when <see cref="explanation"/> is asked for.</summary>
    internal void Explain(Lazy<string?> lazy) => _lazy = lazy;

    /// <summary>For pickle, by which exceptions go from process to process: the explanation goes along as a text.</summary>
    public new object __reduce__()
    {
        if (_lazy is not null)
        {
            explanation = explanation;
        }

        return base.__reduce__();
    }

    /// <summary>The same for each protocol of pickle.</summary>
    public object __reduce_ex__(object? protocol) => __reduce__();

    /// <summary>Python's <c>str(error)</c>.</summary>
    public string __str__() => strerror is string text ? text : PythonOps.ToString(args);
}
