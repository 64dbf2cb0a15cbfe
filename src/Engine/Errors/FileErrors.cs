namespace SslModule.Engine.Errors;

/// <summary>Maps file exceptions to errno values.</summary>
internal static class FileErrors
{
    private const int NoSuchFile = 2;
    private const int InputOutput = 5;
    private const int PermissionDenied = 13;
    private const int IsADirectory = 21;

    /// <summary>Creates the error with the errno that a C program would get.</summary>
    public static TlsError From(Exception exception, string path)
    {
        (int errno, string message) = exception switch
        {
            // A C program that reads a directory gets EISDIR on Unix and EACCES on Windows.
            _ when Directory.Exists(path) && !OperatingSystem.IsWindows() => (IsADirectory, "Is a directory"),
            FileNotFoundException or DirectoryNotFoundException or ArgumentException => (NoSuchFile, "No such file or directory"),
            UnauthorizedAccessException => (PermissionDenied, "Permission denied"),
            _ => (InputOutput, "Input/output error"),
        };
        return TlsError.System(errno, message, path, exception);
    }
}
