using System.Runtime.InteropServices;

namespace SslModule.Engine;

/// <summary>
/// The variables of the environment, as far as a process may trust them. One that runs with more privileges than whoever
/// started it (by a set-user-ID or set-group-ID file, or capabilities of a file) has its environment from somebody who must not
/// choose whom it trusts; it has no variables here, as with C's <c>secure_getenv()</c>, by which OpenSSL reads its own.
/// </summary>
/// <param name="isRaised">Whether the process has such privileges.</param>
internal sealed partial class ProcessEnvironment(bool isRaised)
{
    private const string C = "libc";

    // getauxval()'s number of what the kernel found when it started the program.
    private const nuint AtSecure = 23;

    /// <summary>That of this process; tests put another in its place.</summary>
    public static ProcessEnvironment Current { get; set; } = new(FindOut());

    /// <summary>The value of a variable; null when it is not set or not to be trusted.</summary>
    public string? Get(string name) => isRaised ? null : Environment.GetEnvironmentVariable(name);

    private static bool FindOut()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            return OperatingSystem.IsLinux() ? GetAuxiliaryValue(AtSecure) != 0 : IsSetUserId() != 0;
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // A C library without the function that knows.
            return GetUserId() != GetEffectiveUserId() || GetGroupId() != GetEffectiveGroupId();
        }
    }

    [LibraryImport(C, EntryPoint = "getauxval")]
    private static partial nuint GetAuxiliaryValue(nuint type);

    [LibraryImport(C, EntryPoint = "issetugid")]
    private static partial int IsSetUserId();

    [LibraryImport(C, EntryPoint = "getuid")]
    private static partial uint GetUserId();

    [LibraryImport(C, EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport(C, EntryPoint = "getgid")]
    private static partial uint GetGroupId();

    [LibraryImport(C, EntryPoint = "getegid")]
    private static partial uint GetEffectiveGroupId();
}
