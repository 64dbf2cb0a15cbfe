using System.Runtime.InteropServices;

namespace SslModule.Engine;

/// <summary>
/// The environment variables that the process may trust. A process with more privileges than the user who started it
/// (set-user-ID, set-group-ID or file capabilities) must not let that user choose its trust anchors. For such a process
/// every variable is unset, as with C's <c>secure_getenv()</c>, which OpenSSL uses.
/// </summary>
/// <param name="isRaised">Whether the process has raised privileges.</param>
internal sealed partial class ProcessEnvironment(bool isRaised)
{
    private const string C = "libc";

    // AT_SECURE of getauxval(): set by the kernel when the program started with raised privileges.
    private const nuint AtSecure = 23;

    /// <summary>The environment of this process; tests replace it.</summary>
    public static ProcessEnvironment Current { get; set; } = new(HasRaisedPrivileges());

    /// <summary>The value of a variable; null when it is unset or must not be trusted.</summary>
    public string? Get(string name) => isRaised ? null : Environment.GetEnvironmentVariable(name);

    private static bool HasRaisedPrivileges()
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
            // The C library has no getauxval(): compare the user and group IDs instead.
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
