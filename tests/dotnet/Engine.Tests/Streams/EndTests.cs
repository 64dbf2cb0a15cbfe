using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Streams;

/// <summary>How a stream ends: by close_notify, by half, cut off, and by Dispose.</summary>
public sealed class EndTests
{
    private static readonly int[] Versions = [StreamContexts.Tls12, StreamContexts.Tls13];

    [TestCaseSource(nameof(Versions))]
    public async Task A_stream_that_was_cut_off_is_no_end(int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        await Soon(pair.Server.WriteAsync("part"u8.ToArray()));
        pair.ServerEnd.Cut();
        await Soon(pair.Client.ReadExactlyAsync(new byte[4]));
        for (int time = 0; time < 2; time++)
        {
            IOException error = Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.ReadAsync(new byte[10])))!;
            Assert.That(error.InnerException, Is.InstanceOf<TlsError>().With.Property(nameof(TlsError.Kind)).EqualTo(TlsErrorKind.Eof));
            Assert.That(error.Message, Does.Contain("close_notify"));
        }

        Assert.Throws<IOException>(() => pair.Client.ReadByte());
    }

    [TestCaseSource(nameof(Versions))]
    public async Task In_the_middle_of_a_record_it_is_no_end_either(int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        pair.ServerEnd.Kept = new MemoryStream();
        await Soon(pair.Server.WriteAsync(new byte[100]));
        await pair.ServerEnd.SendAsync(pair.ServerEnd.Kept.ToArray().AsMemory(0, 50));
        pair.ServerEnd.Cut();
        Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.ReadAsync(new byte[10])));
    }

    [TestCaseSource(nameof(Versions))]
    public async Task Whoever_asks_for_it_gets_an_end_like_any_other(int version)
    {
        TlsContext client = StreamContexts.Client(version);
        client.Options |= (ulong)TlsOptions.IgnoreUnexpectedEof;
        await using StreamPair pair = await CreateAsync(client, StreamContexts.Server(version));
        pair.ServerEnd.Cut();
        Assert.That(await Soon(pair.Client.ReadAsync(new byte[10])), Is.Zero);
        Assert.That(await Soon(pair.Client.ReadAsync(new byte[10])), Is.Zero);
    }

    [Test]
    public async Task During_the_handshake_the_end_is_an_IOException()
    {
        await using StreamPair pair = Fresh();
        Task client = pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost");
        pair.ServerEnd.Cut();
        IOException error = Assert.ThrowsAsync<IOException>(() => Soon(client))!;
        Assert.That(error.InnerException, Is.InstanceOf<TlsError>());
        Assert.That(pair.Client.IsAuthenticated, Is.False);

        // The stream remembers why it is of no use.
        Assert.That(Assert.Throws<IOException>(() => pair.Client.ReadByte())!.Message, Is.EqualTo(error.Message));
    }

    [TestCaseSource(nameof(Versions))]
    public async Task After_a_shutdown_the_other_direction_goes_on(int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        await Soon(pair.Client.WriteAsync("a question"u8.ToArray()));
        await Soon(pair.Client.ShutdownAsync());
        await Soon(pair.Client.ShutdownAsync());
        Assert.That(pair.Client.CanWrite, Is.False);
        Assert.ThrowsAsync<InvalidOperationException>(() => Soon(pair.Client.WriteAsync(new byte[1])));
        Assert.Throws<InvalidOperationException>(() => pair.Client.Write(new byte[1]));

        await Soon(pair.Server.ReadExactlyAsync(new byte[10]));
        Assert.That(await Soon(pair.Server.ReadAsync(new byte[10])), Is.Zero);
        byte[] answer = new byte[200_000];
        Array.Fill(answer, (byte)'a');
        await Soon(pair.Server.WriteAsync(answer));
        await Soon(pair.Server.ShutdownAsync());
        var copied = new MemoryStream();
        await Soon(pair.Client.CopyToAsync(copied));
        Assert.That(copied.ToArray().AsSpan().SequenceEqual(answer), Is.True);
        Assert.That(await Soon(pair.Client.ReadAsync(new byte[10])), Is.Zero);
    }

    [TestCaseSource(nameof(Versions))]
    public async Task What_had_come_before_a_shutdown_can_still_be_read(int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        await Soon(pair.Server.WriteAsync("hello"u8.ToArray()));
        await Soon(pair.Server.WriteAsync("again"u8.ToArray()));
        Assert.That(pair.Client.ReadByte(), Is.EqualTo('h'));
        await Soon(pair.Client.ShutdownAsync());
        byte[] rest = new byte[9];
        await Soon(pair.Client.ReadExactlyAsync(rest));
        Assert.That(rest, Is.EqualTo("elloagain"u8.ToArray()));
    }

    [Test]
    public async Task Dispose_sends_close_notify([Values] bool synchronous, [Values] bool leaveInnerStreamOpen)
    {
        await using StreamPair pair = await CreateAsync(leaveInnerStreamOpen: leaveInnerStreamOpen);
        if (synchronous)
        {
            pair.Client.Dispose();
            pair.Client.Dispose();
        }
        else
        {
            await pair.Client.DisposeAsync();
            await pair.Client.DisposeAsync();
        }

        Assert.That(await Soon(pair.Server.ReadAsync(new byte[10])), Is.Zero);
        Assert.That(pair.ClientEnd.IsDisposed, Is.EqualTo(!leaveInnerStreamOpen));
        Assert.That(pair.Client.CanRead || pair.Client.CanWrite, Is.False);
        Assert.ThrowsAsync<ObjectDisposedException>(() => Soon(pair.Client.ReadAsync(new byte[1])));
        Assert.Throws<ObjectDisposedException>(() => pair.Client.WriteByte(0));
        Assert.Throws<ObjectDisposedException>(() => pair.Client.Flush());
        Assert.Throws<ObjectDisposedException>(() => _ = pair.Client.Version);
    }

    [Test]
    public async Task Dispose_does_not_wait_for_a_peer_that_takes_nothing([Values] bool synchronous)
    {
        StreamPair pair = await CreateAsync();
        pair.Client.CloseNotifyTimeout = TimeSpan.FromMilliseconds(20);
        pair.ClientEnd.Gate = new TaskCompletionSource();
        Task disposing = synchronous ? Task.Run(pair.Client.Dispose) : pair.Client.DisposeAsync().AsTask();
        await Soon(disposing);
        Assert.That(pair.ClientEnd.IsDisposed, Is.True);
    }

    [Test]
    public async Task Dispose_does_not_fail_where_the_inner_stream_does([Values] bool disposed, [Values] bool leaveInnerStreamOpen, [Values] bool synchronous)
    {
        StreamPair pair = await CreateAsync(leaveInnerStreamOpen: leaveInnerStreamOpen);
        if (disposed)
        {
            pair.ClientEnd.Dispose();
        }
        else
        {
            pair.ClientEnd.Refusal = new IOException("refused");
        }

        if (synchronous)
        {
            Assert.DoesNotThrow(pair.Client.Dispose);
        }
        else
        {
            Assert.DoesNotThrowAsync(() => Soon(pair.Client.DisposeAsync()));
        }
    }

    // The connection wipes what is taken out of a record that is open.
    [Test]
    public async Task What_nobody_read_is_taken_out_and_wiped()
    {
        StreamPair pair = await CreateAsync();
        await Soon(pair.Server.WriteAsync(new byte[1000]));
        Assert.That(pair.Client.ReadByte(), Is.Zero);
        Assert.That(pair.Client.UnreadBytes, Is.EqualTo(999));
        pair.Client.Dispose();
        Assert.That(pair.Client.UnreadBytes, Is.Zero);
    }
}
