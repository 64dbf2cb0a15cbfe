using System.Runtime.InteropServices;

namespace SslModule.Engine.Errors;

/// <summary>Maps file exceptions to errno values.</summary>
internal static class FileErrors
{
    private const int NoSuchFile = 2;
    private const int InputOutput = 5;
    private const int PermissionDenied = 13;
    private const int NotADirectory = 20;
    private const int IsADirectory = 21;
    private const int LinuxNameTooLong = 36;
    private const int MacNameTooLong = 63;
    private const int LargestErrno = 4095;

    /// <summary>Creates the error with the errno that a C program would get.</summary>
    public static TlsError From(Exception exception, string path)
    {
        (int errno, string message) = exception switch
        {
            // A C program that reads a directory gets EISDIR on Unix and EACCES on Windows.
            _ when Directory.Exists(path) && !OperatingSystem.IsWindows() => (IsADirectory, "Is a directory"),
            // What .NET has no exception of its own for, as a full disk or too many open files, carries its errno on Unix.
            IOException { HResult: > 0 and <= LargestErrno } => (exception.HResult, Marshal.GetPInvokeErrorMessage(exception.HResult)),
            DirectoryNotFoundException or FileNotFoundException when !OperatingSystem.IsWindows() && LeadsThroughAFile(path) => (NotADirectory, "Not a directory"),
            FileNotFoundException or DirectoryNotFoundException or ArgumentException => (NoSuchFile, "No such file or directory"),
            PathTooLongException when !OperatingSystem.IsWindows() => (OperatingSystem.IsMacOS() ? MacNameTooLong : LinuxNameTooLong, "File name too long"),
            UnauthorizedAccessException => (PermissionDenied, "Permission denied"),
            _ => (InputOutput, "Input/output error"),
        };
        return TlsError.System(errno, message, path, exception);
    }

    /// <summary>Creates the error of a C function that failed.</summary>
    public static TlsError From(int errno, string path) => TlsError.System(errno, Marshal.GetPInvokeErrorMessage(errno), path, null);

    private static bool LeadsThroughAFile(string path)
    {
        string? parent = Path.GetDirectoryName(path);
        while (!string.IsNullOrEmpty(parent) && !Directory.Exists(parent))
        {
            if (File.Exists(parent))
            {
                return true;
            }

            parent = Path.GetDirectoryName(parent);
        }

        return false;
    }
}
