using System.Diagnostics;

namespace SslModule.Engine.Tests;

/// <summary>Other programs of the machine, whose answers are compared with ours where they are there.</summary>
internal static class InstalledProgram
{
    /// <summary>What the program prints on its standard output; null if it is absent or fails.</summary>
    public static string? Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What the program prints on both streams, whatever its exit code says.</summary>
    public static string RunBoth(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return errors.GetAwaiter().GetResult() + output;
    }

    /// <summary>What a script prints on a CPython 3.11 over OpenSSL 3.0; null where there is none.</summary>
    public static string? RunPython(string script)
    {
        const string guard = "import sys, ssl\nif sys.version_info[:2] != (3, 11) or not ssl.OPENSSL_VERSION.startswith('OpenSSL 3.0.'): sys.exit(1)\n";
        return Run("python3", "-I", "-c", guard + script);
    }
}
