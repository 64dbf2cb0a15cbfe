using IronPython.Runtime;
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
        catch (TlsError error)
        {
            throw SslErrors.Make(context, error, SslErrors.Origin.Library);
        }
    }

    /// <summary>A call to a context or a helper, without a result.</summary>
    public static void Library(CodeContext context, Action call) => Library<object?>(context, () =>
    {
        call();
        return null;
    });
}
