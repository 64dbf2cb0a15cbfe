namespace SslModule.Engine.Tests;

/// <summary>The test assembly run as a program: a server of a fleet, for tests that need more than one process.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is not ["fleet-server", ..])
        {
            Console.Error.WriteLine("usage: fleet-server REDIS CERTIFICATE SECRET VERSION; the tests themselves run under dotnet test");
            return 2;
        }

        Sessions.FleetServer.Run(arguments[1..]);
        return 0;
    }
}
