using System.Net.Sockets;
using IronPython.Runtime;
using IronPython.Runtime.Exceptions;
using IronPython.Runtime.Operations;
using SslModule.Engine.Errors;

namespace SslModule.IronPython;

/// <summary>Runs engine calls and turns their failures into Python exceptions.</summary>
internal static class Guard
{
    /// <summary>A call to a context or a helper.</summary>
    public static T Library<T>(CodeContext context, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception exception) when (!IsPythons(exception))
        {
            throw Translate(context, exception, SslErrors.Origin.Library);
        }
    }

    /// <summary>A call to a context or a helper, without a result.</summary>
    public static void Library(CodeContext context, Action call) => Library<object?>(context, () =>
    {
        call();
        return null;
    });

    /// <summary>Whether an exception is Python's already, because a script or a conversion raised it, or is the host's to see: Thread.Interrupt ended a wait.</summary>
    public static bool IsPythons(Exception exception)
        => exception.Data.Contains(typeof(PythonExceptions.BaseException))
        || exception is OutOfMemoryException or ThreadInterruptedException
        || exception.GetType().Namespace is { } home && (home.StartsWith("IronPython", StringComparison.Ordinal) || home.StartsWith("Microsoft.Scripting", StringComparison.Ordinal));

    /// <summary>The Python exception for whatever else .NET threw.</summary>
    public static Exception Translate(CodeContext context, Exception exception, SslErrors.Origin origin) => exception switch
    {
        TlsError error => SslErrors.Make(context, error, origin),
        ObjectDisposedException => SslErrors.MakeClosed(context, writingInTime: false),
        SocketException error => PythonOps.CreateThrowable(PythonExceptions.OSError, error.NativeErrorCode, error.Message),
        _ => SslErrors.Make(context, TlsError.Ssl("SSL", "INTERNAL_ERROR", inner: exception), origin),
    };
}
