using SslModule.Engine.Context;

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
    private static int s_begun;
    private static Thread? s_worker;

    /// <summary>Starts the initialization, unless it was started before.</summary>
    public static void Begin()
    {
        if (s_begun == 0 && Environment.ProcessorCount > 1 && Interlocked.Exchange(ref s_begun, 1) == 0)
        {
            SystemDefaults.Prefetch();
            var worker = new Thread(Prepare) { IsBackground = true, Name = "TLS warm-up" };
            worker.UnsafeStart();
            Volatile.Write(ref s_worker, worker);
        }
    }

    /// <summary>
    /// Waits until the initialization is complete, if it was started. Call it before a fork, because the child would inherit locks
    /// held by the background thread, and before the process exits.
    /// </summary>
    public static void Wait() => Volatile.Read(ref s_worker)?.Join();

    private static void Prepare()
    {
        try
        {
            // This ClientHello is not sent.
            var client = new TlsConnection(new TlsContext(TlsProtocolSelection.TlsClient), serverSide: false, "localhost");
            client.Handshake();
        }
        catch (Exception)
        {
            // Ignored here: the same error is raised again by the first real connection, where the program can handle it.
        }
    }
}
