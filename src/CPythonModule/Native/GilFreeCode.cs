using System.Diagnostics;

namespace SslModule.CPython.Native;

/// <summary>
/// Counts the threads that run managed code without the GIL. A fork holds the GIL and waits until there are none: a child in which
/// one of them no longer exists would wait for it at the next garbage collection, or for a lock that it held.
/// </summary>
internal static class GilFreeCode
{
    /// <summary>How long a fork waits, in milliseconds: a handshake's longest computation is shorter.</summary>
    private const int Timeout = 1000;

    private static int s_threads;
    private static volatile bool s_isForking;

    [ThreadStatic]
    private static bool t_isInside;

    /// <summary>From now on the thread is counted. A native function's errno is kept.</summary>
    public static void Enter()
    {
        Interlocked.Increment(ref s_threads);
        if (s_isForking)
        {
            WaitForFork();
        }

        t_isInside = true;
    }

    /// <summary>The thread is no longer counted.</summary>
    public static void Leave()
    {
        t_isInside = false;
        Interlocked.Decrement(ref s_threads);
    }

    /// <summary>Until the scope ends the thread is not counted: it waits in a native function, or for the GIL.</summary>
    public static PauseScope Pause()
    {
        bool isInside = t_isInside;
        if (isInside)
        {
            Leave();
        }

        return new PauseScope(isInside);
    }

    /// <summary>Lets no thread enter, and waits until all have left or the time is over.</summary>
    public static void BeginFork()
    {
        s_isForking = true;
        Interlocked.MemoryBarrier();
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref s_threads) > 0 && Stopwatch.GetElapsedTime(start).TotalMilliseconds < Timeout)
        {
            Thread.Yield();
        }
    }

    /// <summary>Lets threads enter again.</summary>
    /// <param name="isChild">In the child the other threads do not exist.</param>
    public static void EndFork(bool isChild)
    {
        if (isChild)
        {
            s_threads = 0;
        }

        s_isForking = false;
    }

    private static void WaitForFork()
    {
        int errno = Libc.Errno;
        while (s_isForking)
        {
            Interlocked.Decrement(ref s_threads);
            while (s_isForking)
            {
                Thread.Sleep(1);
            }

            Interlocked.Increment(ref s_threads);
        }

        Libc.Errno = errno;
    }

    /// <summary>See <see cref="Pause"/>.</summary>
    public readonly ref struct PauseScope(bool isInside)
    {
        public void Dispose()
        {
            if (isInside)
            {
                Enter();
            }
        }
    }
}
