using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SslModule.Engine.Tests.Certificates.Fuzz;

/// <summary>The time that this thread has worked, where the system tells; the time of day elsewhere. A busy machine counts for nothing.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static TimeSpan Now
        => OperatingSystem.IsLinux() && ReadClock(ThreadCpuTime, out Time time) == 0
            ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100))
            : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
