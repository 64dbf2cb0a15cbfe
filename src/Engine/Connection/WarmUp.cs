using SslModule.Engine.Context;
using SslModule.Engine.Crypto;
using SslModule.Engine.Diagnostics;

namespace SslModule.Engine.Connection;

/// <summary>
/// Initializes, once and on a background thread, what the first handshake of a process would otherwise wait for: loading of the
/// platform's crypto library, tables, JIT compilation.
/// </summary>
/// <remarks>
/// A host calls it when it expects a handshake. It takes a few milliseconds. On a single processor it does nothing.
/// </remarks>
public static class WarmUp
{
    /// <summary>How long to wait for the thread's exit, in milliseconds.</summary>
    private const int ExitTimeout = 1000;

    private static int s_begun;
    private static Thread? s_worker;

    /// <summary>On Linux: a directory that exists until the thread has exited.</summary>
    private static volatile string? s_taskDirectory;

    /// <summary>Starts the initialization, unless it was started before.</summary>
    public static void Begin()
    {
        if (s_begun == 0 && Environment.ProcessorCount > 1 && Interlocked.Exchange(ref s_begun, 1) == 0)
        {
            SystemDefaults.Prefetch();
            _ = PlatformCryptography.IsOnly;
            var worker = new Thread(Prepare) { IsBackground = true, Name = "TLS warm-up" };
            worker.UnsafeStart();
            Volatile.Write(ref s_worker, worker);
        }
    }

    /// <summary>
    /// Waits until the initialization is complete, if it was started. Call it before a fork, because the child would inherit locks
    /// held by the background thread, and before the process exits.
    /// </summary>
    public static void Wait()
    {
        if (Volatile.Read(ref s_worker) is not { } worker)
        {
            return;
        }

        worker.Join();

        // Join returns before the operating system's thread has exited and left the runtime's list of threads.
        long start = Environment.TickCount64;
        while (s_taskDirectory is { } directory && Directory.Exists(directory) && Environment.TickCount64 - start < ExitTimeout)
        {
            Thread.Yield();
        }

        s_taskDirectory = null;
    }

    private static void Prepare()
    {
        // The link of a thread looks like 12/task/34.
        s_taskDirectory = OperatingSystem.IsLinux() && new FileInfo("/proc/thread-self").LinkTarget is { } task ? "/proc/" + task : null;
        try
        {
            _ = TlsDiagnostics.IsListenedTo;

            // This ClientHello is not sent.
            var client = new TlsConnection(new TlsContext(TlsProtocolSelection.TlsClient), serverSide: false, "localhost") { IsObservable = false };
            client.Handshake();
        }
        catch (Exception)
        {
            // Ignored here: the same error is raised again by the first real connection, where the program can handle it.
        }
    }
}
