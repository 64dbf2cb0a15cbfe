using IronPython.Runtime;
using IronPython.Runtime.Operations;

namespace SslModule.IronPython;

/// <summary>Exceptions of callbacks that have no caller to go to: printed on sys.stderr, as CPython's sys.unraisablehook does.</summary>
internal static class Unraisable
{
    /// <summary>Prints <paramref name="exception"/> as ignored in <paramref name="source"/>.</summary>
    public static void Report(CodeContext context, object? source, Exception exception)
    {
        object sys = PythonOps.ImportTop(context, "sys", 0);
        if (PythonOps.GetBoundAttr(context, sys, "stderr") is not { } stderr)
        {
            return;
        }

        string text = $"Exception ignored in: {PythonOps.Repr(context, source)}\n{context.LanguageContext.FormatException(exception).TrimEnd()}\n";
        PythonCalls.Call(context, PythonOps.GetBoundAttr(context, stderr, "write"), text);
        PythonCalls.Call(context, PythonOps.GetBoundAttr(context, stderr, "flush"));
    }
}
