using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>A running <c>openssl s_server</c> or <c>s_client</c>; it ends with the test.</summary>
internal sealed class OpenSslPeer : IDisposable
{
    private const int Patience = 20_000;
    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly List<string> _seen = [];

    private OpenSslPeer(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore(program + " is not installed");
            throw;
        }

        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where the server listens.</summary>
    public int Port { get; private set; }

    /// <summary>Everything that was printed so far.</summary>
    public string Printed
    {
        get
        {
            lock (_seen)
            {
                return string.Join('\n', _seen);
            }
        }
    }

    /// <summary>A server that sends each line back reversed.</summary>
    public static OpenSslPeer Server(params string[] arguments)
    {
        var peer = new OpenSslPeer("openssl", ["s_server", "-accept", "127.0.0.1:0", "-rev", .. arguments]);
        string accept = peer.WaitFor(line => line.StartsWith("ACCEPT ", StringComparison.Ordinal));
        peer.Port = int.Parse(accept[(accept.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return peer;
    }

    /// <summary>A client that sends a line and leaves when the server closes.</summary>
    public static OpenSslPeer Client(int port, string line, params string[] arguments)
    {
        var peer = new OpenSslPeer("openssl", ["s_client", "-connect", $"127.0.0.1:{port}", "-ign_eof", .. arguments]);
        peer._process.StandardInput.WriteLine(line);
        peer._process.StandardInput.Flush();
        return peer;
    }

    /// <summary>A server whose console takes lines and one-letter commands.</summary>
    public static OpenSslPeer ServerConsole(params string[] arguments)
    {
        var peer = new OpenSslPeer("openssl", ["s_server", "-accept", "127.0.0.1:0", .. arguments]);
        string accept = peer.WaitFor(line => line.StartsWith("ACCEPT ", StringComparison.Ordinal));
        peer.Port = int.Parse(accept[(accept.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return peer;
    }

    /// <summary>A client whose console takes lines and one-letter commands.</summary>
    public static OpenSslPeer ClientConsole(int port, params string[] arguments)
        => new("openssl", ["s_client", "-connect", $"127.0.0.1:{port}", .. arguments]);

    /// <summary>Types a line, or a command.</summary>
    public void Type(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for a line.</summary>
    public string WaitFor(Predicate<string> wanted)
    {
        while (_lines.TryTake(out string? line, Patience))
        {
            if (wanted(line))
            {
                return line;
            }
        }

        throw new AssertionException("openssl printed only:\n" + Printed);
    }

    /// <summary>Waits until the program ended and all that it printed was taken.</summary>
    public void WaitForExit()
    {
        Assert.That(_process.WaitForExit(Patience), Is.True, "openssl does not end");
        _process.WaitForExit();
    }

    /// <summary>A <c>gnutls-serv</c> that echoes.</summary>
    public static OpenSslPeer GnuTlsServer(params string[] arguments)
    {
        // It takes no port 0; one that was free a moment ago will do, and another when somebody was faster.
        for (int attempt = 0; ; attempt++)
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            int port = ((IPEndPoint)probe.LocalEndPoint!).Port;
            probe.Close();
            var peer = new OpenSslPeer("gnutls-serv", ["--echo", "--disable-client-cert", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. arguments]) { Port = port };
            string first = peer.WaitFor(line => line.Contains("listening on", StringComparison.Ordinal) || line.Contains("failed", StringComparison.Ordinal));
            if (!first.Contains("failed", StringComparison.Ordinal) || attempt == 4)
            {
                return peer;
            }

            peer.Dispose();
        }
    }

    /// <summary>Connects a client of ours, checks that data passes both ways, and answers the connection.</summary>
    /// <param name="context">The client's.</param>
    /// <param name="hostname">The name to ask for.</param>
    /// <param name="line">The length of a line that the server sends back reversed.</param>
    public TlsConnection Talk(TlsContext context, string? hostname = null, int line = 3) => Talk(context, hostname, line, reversed: true);

    /// <summary>The same with a server that echoes.</summary>
    public TlsConnection TalkEcho(TlsContext context, string? hostname, int line) => Talk(context, hostname, line, reversed: false);

    private TlsConnection Talk(TlsContext context, string? hostname, int line, bool reversed)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, Port);
        var connection = new TlsConnection(context, serverSide: false, hostname);
        var driver = new SocketDriver(connection, new TestSocket(socket));
        Assert.That(driver.Handshake(Patience), Is.EqualTo(TlsStatus.Complete));
        byte[] sent = [.. Enumerable.Range(0, line).Select(at => (byte)('a' + (at % 26))), (byte)'\n'];
        Assert.That(driver.Write(sent, out _, Patience), Is.EqualTo(TlsStatus.Complete));
        byte[] answer = new byte[line + 1];
        for (int at = 0; at < answer.Length;)
        {
            Assert.That(driver.Read(answer.AsSpan(at), out int count, Patience), Is.EqualTo(TlsStatus.Complete));
            Assert.That(count, Is.Positive);
            at += count;
        }

        Assert.That(answer, Is.EqualTo(reversed ? [.. Enumerable.Reverse(sent[..^1]), (byte)'\n'] : sent));
        return connection;
    }

    /// <summary>Serves <c>openssl s_client</c> with a context of ours: it must send a line, which is answered.</summary>
    public static (TlsConnection Connection, string Printed) Serve(TlsContext context, params string[] arguments)
        => Serve(context, (port, line) => Client(port, line, arguments));

    /// <summary>Serves <c>gnutls-cli</c> in the same way.</summary>
    public static (TlsConnection Connection, string Printed) ServeGnuTls(TlsContext context, string answer, params string[] arguments)
        => Serve(
            context,
            (port, line) =>
            {
                var peer = new OpenSslPeer("gnutls-cli", ["--insecure", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. arguments, "127.0.0.1"]);
                peer._process.StandardInput.WriteLine(line);
                peer._process.StandardInput.Flush();
                return peer;
            },
            answer);

    private static (TlsConnection Connection, string Printed) Serve(TlsContext context, Func<int, string, OpenSslPeer> connect, string answer = "to the client")
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using OpenSslPeer client = connect(((IPEndPoint)listener.LocalEndPoint!).Port, "to the server");
        using Socket socket = listener.Accept();
        var connection = new TlsConnection(context, serverSide: true, null);
        var driver = new SocketDriver(connection, new TestSocket(socket));
        Assert.That(driver.Handshake(Patience), Is.EqualTo(TlsStatus.Complete));
        byte[] room = new byte[64];
        Assert.That(driver.Read(room, out int count, Patience), Is.EqualTo(TlsStatus.Complete));
        Assert.That(System.Text.Encoding.ASCII.GetString(room, 0, count), Is.EqualTo("to the server\n"));
        driver.Write(System.Text.Encoding.ASCII.GetBytes(answer + "\n"), out _, Patience);
        client.WaitFor(line => line == answer);
        connection.Shutdown();
        socket.Send(connection.Output);
        socket.Shutdown(SocketShutdown.Send);
        Assert.That(client._process.WaitForExit(Patience), Is.True);
        return (connection, client.Printed);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        _lines.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs arguments)
    {
        if (arguments.Data is not { } line)
        {
            return;
        }

        lock (_seen)
        {
            _seen.Add(line);
        }

        if (!_lines.IsAddingCompleted)
        {
            _lines.Add(line);
        }
    }
}

/// <summary>A .NET socket under a connection.</summary>
internal sealed class TestSocket(Socket socket) : ITransport
{
    public int Receive(Span<byte> destination) => Receive(destination, SocketFlags.None);

    public int Peek(Span<byte> destination) => Receive(destination, SocketFlags.Peek);

    public int Drop(Span<byte> scratch) => Receive(scratch, SocketFlags.None);

    public bool DropsLate => true;

    private int Receive(Span<byte> destination, SocketFlags flags)
    {
        if (!socket.Poll(0, SelectMode.SelectRead))
        {
            return TransportResult.WouldBlock;
        }

        try
        {
            return socket.Receive(destination, flags);
        }
        catch (SocketException exception)
        {
            return -exception.NativeErrorCode;
        }
    }

    public int Send(ReadOnlySpan<byte> source)
    {
        try
        {
            return socket.Send(source);
        }
        catch (SocketException exception)
        {
            return -exception.NativeErrorCode;
        }
    }

    public int SendWithoutWaiting(ReadOnlySpan<byte> source)
        => socket.Poll(0, SelectMode.SelectWrite) ? Send(source) : TransportResult.WouldBlock;

    public int Wait(TransportEvents events, int timeoutMilliseconds)
    {
        List<Socket>? readable = events.HasFlag(TransportEvents.Readable) ? [socket] : null;
        List<Socket>? writable = events.HasFlag(TransportEvents.Writable) ? [socket] : null;
        Socket.Select(readable, writable, null, timeoutMilliseconds < 0 ? -1 : timeoutMilliseconds * 1000);
        return readable is { Count: > 0 } || writable is { Count: > 0 } ? 1 : 0;
    }

    public bool IsInterrupted() => false;
}
