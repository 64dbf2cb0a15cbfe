using System.Security.Authentication;
using System.Text;
using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Streams;

/// <summary>Several calls at once, calls that are cancelled, and streams that are disposed of while they are used.</summary>
public sealed class DuplexTests
{
    [Test]
    public async Task A_second_read_is_refused_and_the_first_one_goes_on([Values] bool synchronous)
    {
        await using StreamPair pair = await CreateAsync();
        byte[] buffer = new byte[10];
        Task<int> first = pair.Client.ReadAsync(buffer).AsTask();
        if (synchronous)
        {
            Assert.Throws<NotSupportedException>(() => pair.Client.ReadByte());
        }
        else
        {
            Assert.ThrowsAsync<NotSupportedException>(() => Soon(pair.Client.ReadAsync(new byte[10])));
        }

        Assert.That(first.IsCompleted, Is.False);
        await Soon(pair.Server.WriteAsync("hello"u8.ToArray()));
        Assert.That(await Soon(first), Is.EqualTo(5));
        Assert.That(buffer[..5], Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public async Task A_second_write_is_refused_and_the_first_one_goes_on([Values] bool synchronous)
    {
        await using StreamPair pair = await CreateAsync();
        pair.ClientEnd.Gate = new TaskCompletionSource();
        Task first = pair.Client.WriteAsync("hello"u8.ToArray()).AsTask();
        if (synchronous)
        {
            Assert.Throws<NotSupportedException>(() => pair.Client.WriteByte(1));
        }
        else
        {
            Assert.ThrowsAsync<NotSupportedException>(() => Soon(pair.Client.WriteAsync(new byte[10])));
        }

        Assert.ThrowsAsync<NotSupportedException>(() => Soon(pair.Client.ShutdownAsync()));
        pair.ClientEnd.Gate.SetResult();
        await Soon(first);
        await Soon(pair.Server.ReadExactlyAsync(new byte[5]));
    }

    [Test]
    public async Task A_read_does_not_wait_for_a_write([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        pair.ClientEnd.Gate = new TaskCompletionSource();
        Task writing = pair.Client.WriteAsync(new byte[100_000]).AsTask();
        await Soon(pair.Server.WriteAsync("hello"u8.ToArray()));
        await Soon(pair.Client.ReadExactlyAsync(new byte[5]));
        Assert.That(writing.IsCompleted, Is.False);
        pair.ClientEnd.Gate.SetResult();
        await Soon(writing);
        await Soon(pair.Server.ReadExactlyAsync(new byte[100_000]));
    }

    [Test]
    public async Task Not_even_a_failed_read_whose_alert_cannot_leave()
    {
        await using StreamPair pair = await CreateAsync();
        pair.Client.CloseNotifyTimeout = TimeSpan.FromMilliseconds(20);
        pair.ClientEnd.Gate = new TaskCompletionSource();
        Task writing = pair.Client.WriteAsync(new byte[1000]).AsTask();
        await pair.ServerEnd.SendAsync("no record at all"u8.ToArray());
        Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.ReadAsync(new byte[5])));

        // It goes with the write that is going on.
        pair.ClientEnd.Gate.SetResult();
        await Soon(writing);
        await Soon(pair.Server.ReadExactlyAsync(new byte[1000]));
        Assert.ThrowsAsync<IOException>(() => Soon(pair.Server.ReadAsync(new byte[5])));
        Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.WriteAsync(new byte[5])));
    }

    [Test]
    public async Task The_alert_leaves_before_the_failure_is_told([Values] bool synchronous)
    {
        await using StreamPair pair = await CreateAsync();
        await pair.ServerEnd.SendAsync("no record at all"u8.ToArray());
        long before = pair.ClientEnd.Written;
        if (synchronous)
        {
            Assert.Throws<IOException>(() => pair.Client.ReadByte());
        }
        else
        {
            Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.ReadAsync(new byte[5])));
        }

        Assert.That(pair.ClientEnd.Written, Is.GreaterThan(before));
    }

    [Test]
    public async Task And_is_waited_for()
    {
        await using StreamPair pair = await CreateAsync();
        pair.ClientEnd.Gate = new TaskCompletionSource();
        Task<int> reading = pair.Client.ReadAsync(new byte[5]).AsTask();
        await pair.ServerEnd.SendAsync("no record at all"u8.ToArray());
        await Soon(pair.ClientEnd.Waiting.Task);
        Assert.That(reading.IsCompleted, Is.False);
        pair.ClientEnd.Gate.SetResult();
        Assert.ThrowsAsync<IOException>(() => Soon(reading));
    }

    [Test]
    public async Task A_cancelled_read_loses_nothing()
    {
        await using StreamPair pair = await CreateAsync();
        pair.ServerEnd.Kept = new MemoryStream();
        await Soon(pair.Server.WriteAsync("hello"u8.ToArray()));
        byte[] record = pair.ServerEnd.Kept.ToArray();
        using var cancel = new CancellationTokenSource();
        Task<int> reading = pair.Client.ReadAsync(new byte[10], cancel.Token).AsTask();
        await pair.ServerEnd.SendAsync(record.AsMemory(0, 10));
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => Soon(reading));
        Assert.CatchAsync<OperationCanceledException>(() => Soon(pair.Client.ReadAsync(new byte[10], cancel.Token)));

        await pair.ServerEnd.SendAsync(record.AsMemory(10));
        byte[] buffer = new byte[5];
        await Soon(pair.Client.ReadExactlyAsync(buffer));
        Assert.That(Encoding.ASCII.GetString(buffer), Is.EqualTo("hello"));
        await Soon(pair.Client.WriteAsync(buffer));
        await Soon(pair.Server.ReadExactlyAsync(buffer));
    }

    [Test]
    public async Task A_write_that_was_cancelled_on_its_way_ends_writing_and_says_so()
    {
        await using StreamPair pair = await CreateAsync();
        pair.ClientEnd.Gate = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        Task writing = pair.Client.WriteAsync("hello"u8.ToArray(), cancel.Token).AsTask();
        await Soon(pair.ClientEnd.Waiting.Task);
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => Soon(writing));
        pair.ClientEnd.Gate = null;
        Assert.That(Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.WriteAsync(new byte[1])))!.InnerException, Is.InstanceOf<OperationCanceledException>());
        Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.ShutdownAsync()));

        await Soon(pair.Server.WriteAsync("still"u8.ToArray()));
        await Soon(pair.Client.ReadExactlyAsync(new byte[5]));
    }

    [Test]
    public async Task A_write_that_is_cancelled_before_it_begins_leaves_all_as_it_was()
    {
        await using StreamPair pair = await CreateAsync();
        Assert.CatchAsync<OperationCanceledException>(() => Soon(pair.Client.WriteAsync(new byte[5], new CancellationToken(true))));
        Assert.CatchAsync<OperationCanceledException>(() => Soon(pair.Client.ShutdownAsync(new CancellationToken(true))));
        await Soon(pair.Client.WriteAsync("hello"u8.ToArray()));
        await Soon(pair.Server.ReadExactlyAsync(new byte[5]));
    }

    [Test]
    public async Task A_write_that_the_inner_stream_refuses_says_so_once_and_again()
    {
        await using StreamPair pair = await CreateAsync();
        pair.ClientEnd.Refusal = new InvalidDataException("of the stream below");
        Assert.That(Assert.ThrowsAsync<IOException>(() => Soon(pair.Client.WriteAsync(new byte[5])))!.InnerException, Is.SameAs(pair.ClientEnd.Refusal));
        pair.ClientEnd.Refusal = null;
        Assert.Throws<IOException>(() => pair.Client.WriteByte(1));
    }

    [Test]
    public async Task A_refusal_is_told_even_where_its_alert_cannot_leave()
    {
        const int Certificate = 11;
        await using StreamPair pair = Fresh();
        TlsContext client = StreamContexts.Distrustful();
        client.MessageCallback = (_, message) =>
        {
            if (!message.Written && message.MessageType == Certificate)
            {
                pair.ClientEnd.Refusal = new IOException("gone");
            }
        };
        Task server = pair.Server.AuthenticateAsServerAsync(StreamContexts.Server());
        AuthenticationException error = Assert.ThrowsAsync<AuthenticationException>(() => Soon(pair.Client.AuthenticateAsClientAsync(client, "localhost")))!;
        Assert.That(((TlsError)error.InnerException!).Kind, Is.EqualTo(TlsErrorKind.CertificateVerification));
        pair.ClientEnd.Cut();
        Assert.ThrowsAsync<IOException>(() => Soon(server));
    }

    [Test]
    public async Task A_cancelled_handshake_ends_the_stream()
    {
        await using StreamPair pair = Fresh();
        using var cancel = new CancellationTokenSource();
        Task client = pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost", cancel.Token);
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => Soon(client));
        Assert.Throws<IOException>(() => pair.Client.ReadByte());
        Assert.ThrowsAsync<InvalidOperationException>(() => Soon(pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost")));
    }

    [Test]
    public async Task A_stream_that_is_disposed_of_ends_its_reads_and_writes([Values] bool reads)
    {
        StreamPair pair = await CreateAsync();
        pair.ClientEnd.Gate = reads ? null : new TaskCompletionSource();
        Task pending = reads ? pair.Client.ReadAsync(new byte[5]).AsTask() : pair.Client.WriteAsync(new byte[5]).AsTask();
        pair.Client.Dispose();
        Assert.ThrowsAsync<ObjectDisposedException>(() => Soon(pending));
        if (reads)
        {
            Assert.That(await Soon(pair.Server.ReadAsync(new byte[1])), Is.Zero);
        }
    }

    [Test]
    public async Task So_does_one_whose_handshake_is_going_on()
    {
        StreamPair pair = Fresh();
        Task pending = pair.Client.AuthenticateAsClientAsync(StreamContexts.Client(), "localhost");
        pair.Client.Dispose();
        Assert.ThrowsAsync<ObjectDisposedException>(() => Soon(pending));
    }

    [Test]
    public async Task Many_streams_disposed_of_in_the_middle_of_everything_fail_in_order()
    {
        for (int round = 0; round < 50; round++)
        {
            StreamPair pair = await CreateAsync();
            Task[] busy =
            [
                Busy(() => pair.Client.WriteAsync(new byte[50_000]).AsTask()),
                Busy(() => pair.Server.ReadAsync(new byte[20_000]).AsTask()),
                Busy(() => pair.Server.WriteAsync(new byte[50_000]).AsTask()),
                Busy(() => pair.Client.ReadAsync(new byte[20_000]).AsTask()),
            ];
            await Task.Yield();
            await Soon(Task.WhenAll(Task.Run(pair.Client.Dispose), pair.Server.DisposeAsync().AsTask()));
            await Soon(Task.WhenAll(busy));
        }

        static async Task Busy(Func<Task> call)
        {
            try
            {
                while (true)
                {
                    await call();
                    await Task.Yield();
                }
            }
            catch (Exception exception) when (exception is ObjectDisposedException or IOException)
            {
                // Nothing else may come of it.
            }
        }
    }

    [Test]
    public async Task A_read_without_a_buffer_waits_for_data_and_takes_none([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        Task<int> waiting = pair.Client.ReadAsync(Memory<byte>.Empty).AsTask();
        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(pair.ClientEnd.EmptyReads, Is.Positive);
        await Soon(pair.Server.WriteAsync("hello"u8.ToArray()));
        Assert.That(await Soon(waiting), Is.Zero);
        Assert.That(await Soon(pair.Client.ReadAsync(Memory<byte>.Empty)), Is.Zero);
        byte[] buffer = new byte[10];
        Assert.That(await Soon(pair.Client.ReadAsync(buffer)), Is.EqualTo(5));
        Assert.That(Encoding.ASCII.GetString(buffer, 0, 5), Is.EqualTo("hello"));

        // A record of one byte, then the end.
        await Soon(pair.Server.WriteAsync("!"u8.ToArray()));
        Assert.That(await Soon(pair.Client.ReadAsync(Memory<byte>.Empty)), Is.Zero);
        Assert.That(pair.Client.ReadByte(), Is.EqualTo('!'));
        waiting = pair.Client.ReadAsync(Memory<byte>.Empty).AsTask();
        await Soon(pair.Server.ShutdownAsync());
        Assert.That(await Soon(waiting), Is.Zero);
        Assert.That(await Soon(pair.Client.ReadAsync(buffer)), Is.Zero);
    }

    [Test]
    public async Task Only_a_read_without_a_buffer_reads_without_one_below()
    {
        await using StreamPair pair = await CreateAsync();
        await Soon(pair.Server.WriteAsync("hello"u8.ToArray()));
        await Soon(pair.Client.ReadExactlyAsync(new byte[5]));
        Assert.That(pair.ClientEnd.EmptyReads, Is.Zero);
    }

    [Test]
    public async Task A_write_of_nothing_sends_nothing()
    {
        await using StreamPair pair = await CreateAsync();
        long before = pair.ClientEnd.Written;
        await Soon(pair.Client.WriteAsync(Memory<byte>.Empty));
        pair.Client.Write([], 0, 0);
        Assert.That(pair.ClientEnd.Written, Is.EqualTo(before));
    }
}
