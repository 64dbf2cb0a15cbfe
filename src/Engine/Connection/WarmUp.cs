using SslModule.Engine.Context;

namespace SslModule.Engine.Connection;

/// <summary>
/// Does once, on a thread of its own, what the first handshake of a process would have to wait for: the platform's crypto library
/// loads and reads its configuration, tables are made, code runs for the first time.
/// </summary>
/// <remarks>
/// The host begins it where it knows that there will be a handshake, and it takes some milliseconds. Where there is one processor
/// it would only be in the way.
/// </remarks>
public static class WarmUp
{
    private static int s_begun;
    private static Thread? s_worker;

    /// <summary>Begins, unless that was done before.</summary>
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
    /// Waits for the end, if it was begun: before a fork, whose child would find locks held by a thread that it has not, and
    /// before the process ends under the thread's feet.
    /// </summary>
    public static void Wait() => Volatile.Read(ref s_worker)?.Join();

    private static void Prepare()
    {
        try
        {
            // A ClientHello that nobody gets.
            var client = new TlsConnection(new TlsContext(TlsProtocolSelection.TlsClient), serverSide: false, "localhost");
            client.Handshake();
        }
        catch (Exception)
        {
            // Whatever is wrong with the library or the system's configuration, the program that needs them hears of it: there
            // the same fails again, where it can be answered.
        }
    }
}
