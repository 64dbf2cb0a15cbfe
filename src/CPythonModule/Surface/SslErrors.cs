using SslModule.CPython.Binding;
using SslModule.CPython.Native;
using SslModule.Engine.Errors;
using static SslModule.CPython.Native.PythonApi;

namespace SslModule.CPython.Surface;

/// <summary>The module's exceptions, and how an engine failure becomes one of them.</summary>
internal static unsafe class SslErrors
{
    private static nint _error;
    private static nint _verification;
    private static nint _zeroReturn;
    private static nint _wantRead;
    private static nint _wantWrite;
    private static nint _syscall;
    private static nint _eof;

    // The arguments of the two exceptions that non-blocking programs meet at every turn.
    private static nint _wantReadArguments;
    private static nint _wantWriteArguments;

    /// <summary>Where a failure arose: it decides what <c>args[0]</c> holds.</summary>
    public enum Origin
    {
        /// <summary>A context or a helper: the number is OpenSSL's packed error code.</summary>
        Library,

        /// <summary>A connection: the number is one of SSL_ERROR_*.</summary>
        Connection,
    }

    /// <summary>Makes the seven exception types.</summary>
    public static void Publish(nint module)
    {
        ExplanationType.Publish(module);
        using var systemError = new Owned(Values.Tuple(Values.New(PythonData.OSError)));
        _error = MakeBase(module, systemError.Value);
        using var sslError = new Owned(Values.Tuple(Values.New(_error)));
        using var sslAndValueError = new Owned(Values.Tuple(Values.New(_error), Values.New(PythonData.ValueError)));
        _verification = Make(module, "SSLCertVerificationError", "The peer's certificate was not accepted.", sslAndValueError.Value);
        _zeroReturn = Make(module, "SSLZeroReturnError", "The peer has closed its side of the TLS connection.", sslError.Value);
        // Their instances need no attributes of their own: the class answers for them.
        using var nameless = new Owned(PyDict_New());
        Values.Put(nameless.Value, "library", Values.None());
        Values.Put(nameless.Value, "reason", Values.None());
        _wantRead = Make(module, "SSLWantReadError", "The step needs bytes from the peer before it can go on.", sslError.Value, nameless.Value);
        _wantWrite = Make(module, "SSLWantWriteError", "The step must send bytes before it can go on.", sslError.Value, nameless.Value);
        _wantReadArguments = Values.Tuple(Values.Int((long)SslErrorNumber.WantRead), Values.Str("The operation did not complete (read) (_ssl.c:1)"));
        _wantWriteArguments = Values.Tuple(Values.Int((long)SslErrorNumber.WantWrite), Values.Str("The operation did not complete (write) (_ssl.c:1)"));
        _syscall = Make(module, "SSLSyscallError", "A system call failed under the TLS connection.", sslError.Value);
        _eof = Make(module, "SSLEOFError", "The stream ended without the peer closing the TLS connection.", sslError.Value);
    }

    /// <summary>Sets the exception for an engine failure; answers NULL.</summary>
    public static nint Raise(TlsError error, Origin origin)
    {
        switch (error.Kind)
        {
            case TlsErrorKind.System:
                return RaiseSystem(error);
            case TlsErrorKind.Value:
                PythonErrors.Set(PythonData.ValueError, error.Message);
                return 0;
            case TlsErrorKind.Ssl when error.Library is null && !error.IsNumbered:
                PythonErrors.Set(_error, error.Message);
                return 0;
            case TlsErrorKind.CertificateVerification:
                return RaiseNumbered(_verification, (long)SslErrorNumber.Ssl, error.Describe(), error);
            case TlsErrorKind.ZeroReturn:
                return RaiseNumbered(_zeroReturn, (long)SslErrorNumber.ZeroReturn, error.Describe(), error);
            case TlsErrorKind.Eof:
                return RaiseNumbered(_eof, (long)SslErrorNumber.Eof, error.Describe(), error);
            default:
                return RaiseNumbered(_error, origin == Origin.Connection && error.Library is not null ? (long)SslErrorNumber.Ssl : error.Code, error.Describe(), error);
        }
    }

    /// <summary>Sets SSLWantReadError; nothing is thrown on this path.</summary>
    public static nint RaiseWantRead()
    {
        PyErr_SetObject(_wantRead, _wantReadArguments);
        return 0;
    }

    /// <summary>Sets SSLWantWriteError; nothing is thrown on this path.</summary>
    public static nint RaiseWantWrite()
    {
        PyErr_SetObject(_wantWrite, _wantWriteArguments);
        return 0;
    }

    /// <summary>Sets SSLZeroReturnError.</summary>
    public static nint RaiseZeroReturn() => Raise(TlsError.ZeroReturn(), Origin.Connection);

    private static nint RaiseSystem(TlsError error)
    {
        using var type = new Owned(Values.New(PythonData.OSError));
        using var number = new Owned(Values.Int(error.Errno));
        using var message = new Owned(Values.Str(error.Message));
        using var fileName = new Owned(Values.StrOrNone(error.FileName));
        using var windowsError = new Owned(Values.Int(error.WindowsError));

        // Python finds the errno of a number of Windows itself.
        using var value = new Owned(error.WindowsError != 0
            ? Values.Call(type.Value, number.Value, message.Value, fileName.Value, windowsError.Value)
            : error.FileName is null
            ? Values.Call(type.Value, number.Value, message.Value)
            : Values.Call(type.Value, number.Value, message.Value, fileName.Value));
        PyErr_SetObject(Values.TypeOf(value.Value), value.Value);
        return 0;
    }

    private static nint RaiseNumbered(nint type, long number, string message, TlsError error)
    {
        using var first = new Owned(Values.Int(number));
        using var second = new Owned(Values.Str(message));
        using var value = new Owned(Values.Call(type, first.Value, second.Value));
        SetAttribute(value.Value, Names.Reason, Values.StrOrNone(error.Reason));
        SetAttribute(value.Value, Names.Library, Values.StrOrNone(error.Library));
        if (type == _verification)
        {
            SetAttribute(value.Value, Names.VerifyCode, Values.Int(error.VerifyCode));
            SetAttribute(value.Value, Names.VerifyMessage, Values.StrOrNone(error.VerifyMessage));
        }

        if (error.LazyExplanation is { } explanation)
        {
            SetAttribute(value.Value, Names.Explanation, ExplanationType.Make(explanation));
        }

        PyErr_SetObject(type, value.Value);
        return 0;
    }

    // None where the engine, or whoever made the exception, has nothing to say.
    private static nint Explanation(nint self)
    {
        nint found = PyObject_GetAttr(self, Names.Explanation);
        if (found == 0)
        {
            PyErr_Clear();
            return Values.None();
        }

        if (!ExplanationType.Is(found))
        {
            return found;
        }

        using var lazy = new Owned(found);
        nint text = Values.StrOrNone(ExplanationType.Of(found).Value);
        SetAttribute(self, Names.Explanation, Values.New(text));
        return text;
    }

    private static void SetExplanation(nint self, nint value) => SetAttribute(self, Names.Explanation, Values.New(value));

    private static void SetAttribute(nint target, nint name, nint stolen)
    {
        using var value = new Owned(stolen);
        Values.Check(PyObject_SetAttr(target, name, value.Value));
    }

    private static nint MakeBase(nint module, nint bases)
    {
        nint type = Tables.Type(
            module,
            "ssl.SSLError",
            0,
            PyNumbers.TypeDefault | PyNumbers.TypeBase | PyNumbers.TypeImmutable,
            bases,
            Tables.Slot(PyNumbers.SlotDoc, Tables.Text("TLS failed.")),
            Tables.Slot(PyNumbers.SlotGetSet, Tables.Terminated<PyGetSetDef>(
                Tables.Property("explanation", &Explanation, &SetExplanation, "What failed and what would help, in lines for a person to read; None where there is nothing to add."))),
            Tables.Slot(PyNumbers.SlotStr, (delegate* unmanaged<nint, nint>)&Trampoline.Text));
        Tables.Add(module, "SSLError", Values.New(type));
        return type;
    }

    private static nint Make(nint module, string name, string doc, nint bases, nint attributes = 0)
    {
        using var own = new Owned(attributes == 0 ? PyDict_New() : PyDict_Copy(attributes));
        nint type = Values.Check(PyErr_NewExceptionWithDoc(Tables.Text("ssl." + name), Tables.Text(doc), bases, own.Value));
        Tables.Add(module, name, Values.New(type));
        return type;
    }

    // str(error): its strerror when that is a text, else its arguments.
    private static nint Text(nint self)
    {
        using var message = new Owned(PyObject_GetAttr(self, Names.Strerror));
        if (Values.IsUnicode(message.Value))
        {
            return message.Give();
        }

        using var arguments = new Owned(PyObject_GetAttr(self, Names.Args));
        return Values.Check(PyObject_Str(arguments.Value));
    }

    private static class Trampoline
    {
        [System.Runtime.InteropServices.UnmanagedCallersOnly]
        public static nint Text(nint self) => Trampolines.Call(&SslErrors.Text, self);
    }
}
