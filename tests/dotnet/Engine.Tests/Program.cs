namespace SslModule.Engine.Tests;

/// <summary>The test assembly run as a program: a server of a fleet, for tests that need more than one process, what a fuzzer starts, and what measures times.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["fleet-server", ..]:
                Sessions.FleetServer.Run(arguments[1..]);
                return 0;
            case ["targets" or "fuzz" or "seeds" or "replay", ..]:
                return Fuzz.FuzzProgram.Run(arguments);
            case ["timing", ..]:
                return Timing.TimingProgram.Run(arguments);
            default:
                Console.Error.WriteLine("usage: fleet-server REDIS CERTIFICATE SECRET VERSION, or targets, fuzz, seeds or replay, or timing; the tests themselves run under dotnet test");
                return 2;
        }
    }
}
