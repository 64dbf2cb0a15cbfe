namespace SslModule.Engine.Errors;

/// <summary>What the system's refusal of a file means as an errno.</summary>
internal static class FileErrors
{
    private const int NoSuchFile = 2;
    private const int InputOutput = 5;
    private const int PermissionDenied = 13;
    private const int IsADirectory = 21;

    /// <summary>The failure with the errno a C program would have got.</summary>
    public static TlsError From(Exception exception, string path)
    {
        (int errno, string message) = exception switch
        {
            // Where C's fopen() opens no folder, it says so; on Windows it may not.
            _ when Directory.Exists(path) && !OperatingSystem.IsWindows() => (IsADirectory, "Is a directory"),
            FileNotFoundException or DirectoryNotFoundException or ArgumentException => (NoSuchFile, "No such file or directory"),
            UnauthorizedAccessException => (PermissionDenied, "Permission denied"),
            _ => (InputOutput, "Input/output error"),
        };
        return TlsError.System(errno, message, path, exception);
    }
}
