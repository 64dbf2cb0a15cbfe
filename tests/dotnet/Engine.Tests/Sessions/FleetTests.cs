using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>Two server processes with one Redis behind them.</summary>
public sealed class FleetTests
{
    private const int Patience = 20_000;
    private const string Secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Test]
    public void ServersResumeEachOthersSessions([Values(TestContexts.Tls12, TestContexts.Tls13)] int version)
    {
        using var redis = Redis.Start();
        using var one = Member.Start(redis.Endpoint, Secret, version);
        using var two = Member.Start(redis.Endpoint, Secret, version);
        using var stranger = Member.Start(redis.Endpoint, new string('f', 64), version);
        TlsContext client = TestContexts.Client(version);
        TlsSession session = one.Talk(client, null, resumed: false);
        session = two.Talk(client, session, resumed: true);
        session = one.Talk(client, session, resumed: true);
        session = stranger.Talk(client, session, resumed: false);
        session = two.Talk(client, null, resumed: false);
        redis.Stop();
        session = one.Talk(client, session, resumed: false);
        one.Talk(client, session, resumed: true);
    }

    /// <summary>The distribution's Redis on a port of its own, with nothing on disk.</summary>
    private sealed class Redis : IDisposable
    {
        private readonly Process _process;

        private Redis(Process process, int port)
        {
            _process = process;
            Endpoint = $"127.0.0.1:{port}";
        }

        public string Endpoint { get; }

        public static Redis Start()
        {
            // Redis cannot say which port it was given: a free one is looked for, and another if it was taken meanwhile.
            for (int attempt = 0; attempt < 5; attempt++)
            {
                int port = FreePort();
                var start = new ProcessStartInfo("redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"])
                {
                    RedirectStandardOutput = true,
                    WorkingDirectory = Path.GetTempPath(),
                };
                Process process;
                try
                {
                    process = Process.Start(start)!;
                }
                catch (System.ComponentModel.Win32Exception)
                {
                    Assert.Ignore("redis-server is not installed");
                    throw;
                }

                while (process.StandardOutput.ReadLine() is { } line)
                {
                    if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
                    {
                        process.StandardOutput.ReadToEndAsync();
                        return new Redis(process, port);
                    }
                }

                process.WaitForExit();
                process.Dispose();
            }

            throw new AssertionException("redis-server found no port");
        }

        public void Stop()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.WaitForExit();
        }

        public void Dispose()
        {
            Stop();
            _process.Dispose();
        }

        private static int FreePort()
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return ((IPEndPoint)probe.LocalEndPoint!).Port;
        }
    }

    /// <summary>One server process.</summary>
    private sealed class Member(Process process, int port) : IDisposable
    {
        public static Member Start(string redis, string secret, int version)
        {
            string[] arguments = [typeof(FleetServer).Assembly.Location, "fleet-server", redis, TestContexts.CertificateFile(), secret, version.ToString(CultureInfo.InvariantCulture)];
            Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            string? port = process.StandardOutput.ReadLine();
            Assert.That(port, Is.Not.Null, "the server did not start");
            return new Member(process, int.Parse(port!, CultureInfo.InvariantCulture));
        }

        public TlsSession Talk(TlsContext client, TlsSession? session, bool resumed)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            using var connection = new TlsConnection(client, serverSide: false, "localhost");
            if (session is not null)
            {
                connection.Session = session;
            }

            var driver = new SocketDriver(connection, new TestSocket(socket));
            Assert.That(driver.Handshake(Patience), Is.EqualTo(TlsStatus.Complete));
            byte[] letter = new byte[1];
            Assert.That(driver.Read(letter, out _, Patience), Is.EqualTo(TlsStatus.Complete));
            Assert.That(((char)letter[0], connection.SessionReused), Is.EqualTo((resumed ? 'r' : 'f', resumed)));
            driver.Write("."u8, out _, Patience);
            return connection.Session!;
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
            }

            process.Dispose();
        }
    }
}
