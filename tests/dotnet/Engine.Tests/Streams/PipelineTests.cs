using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using NUnit.Framework;
using static SslModule.Engine.Tests.Streams.StreamPair;

namespace SslModule.Engine.Tests.Streams;

/// <summary>System.IO.Pipelines over the stream.</summary>
public sealed class PipelineTests
{
    [Test]
    public async Task Lines_come_back_through_readers_and_writers([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version, [Values] bool useZeroByteReads)
    {
        await using StreamPair pair = await CreateAsync(version);
        var serverReader = PipeReader.Create(pair.Server, new StreamPipeReaderOptions(useZeroByteReads: useZeroByteReads));
        var serverWriter = PipeWriter.Create(pair.Server);
        Task server = Echo(serverReader, serverWriter);

        var reader = PipeReader.Create(pair.Client, new StreamPipeReaderOptions(useZeroByteReads: useZeroByteReads));
        var writer = PipeWriter.Create(pair.Client, new StreamPipeWriterOptions(leaveOpen: true));
        string[] lines = [.. Enumerable.Range(0, 200).Select(number => new string((char)('a' + (number % 26)), number * 50))];
        Task writing = Write(writer, pair.Client, lines);
        var back = new StringBuilder();
        ReadResult result;
        do
        {
            result = await Soon(reader.ReadAsync());
            back.Append(Encoding.ASCII.GetString(result.Buffer));
            reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        await Soon(writing);
        await Soon(server);
        Assert.That(back.ToString(), Is.EqualTo(string.Concat(lines.Select(line => line + "\n"))));
        await reader.CompleteAsync();
    }

    /// <summary>An IBufferWriter that knows nothing of TLS writes a message of known length, and a reader finds its pieces across records.</summary>
    [Test]
    public async Task A_message_is_written_by_any_buffer_writer_and_found_again([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        var writer = PipeWriter.Create(pair.Client, new StreamPipeWriterOptions(leaveOpen: true));
        var reader = PipeReader.Create(pair.Server, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        var found = new List<int>();
        Task reading = Task.Run(async () =>
        {
            ReadResult result;
            do
            {
                result = await Soon(reader.ReadAsync());
                ReadOnlySequence<byte> rest = result.Buffer;
                while (TryTake(ref rest, out int length))
                {
                    found.Add(length);
                }

                reader.AdvanceTo(rest.Start, rest.End);
            }
            while (!result.IsCompleted);
        });
        int[] lengths = [0, 1, 4095, 4096, 16_383, 16_384, 16_385, 100_000];
        foreach (int length in lengths)
        {
            Put(writer, length);
            Assert.That((await Soon(writer.FlushAsync())).IsCompleted, Is.False);
        }

        await writer.CompleteAsync();
        await Soon(pair.Client.ShutdownAsync());
        await Soon(reading);
        Assert.That(found, Is.EqualTo(lengths));
    }

    /// <summary>A connection that waits holds neither a buffer of the reader's pool nor one of the stream's.</summary>
    [Test]
    public async Task A_waiting_reader_rents_no_buffer([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version)
    {
        await using StreamPair pair = await CreateAsync(version);
        using var pool = new CountingPool();
        var reader = PipeReader.Create(pair.Server, new StreamPipeReaderOptions(pool, leaveOpen: true, useZeroByteReads: true));
        Task<ReadResult> reading = reader.ReadAsync().AsTask();
        Assert.That((reading.IsCompleted, pool.Rented, pair.ServerEnd.EmptyReads), Is.EqualTo((false, 0, 1)));
        await Soon(pair.Client.WriteAsync("now"u8.ToArray()));
        ReadResult result = await Soon(reading);
        Assert.That(Encoding.ASCII.GetString(result.Buffer), Is.EqualTo("now"));
        Assert.That(pool.Rented, Is.EqualTo(1));
        reader.AdvanceTo(result.Buffer.End);
        await reader.CompleteAsync();
    }

    /// <summary>A cancelled wait of a reader loses nothing.</summary>
    [Test]
    public async Task A_reader_that_stops_waiting_can_read_on([Values(StreamContexts.Tls12, StreamContexts.Tls13)] int version, [Values] bool useZeroByteReads)
    {
        await using StreamPair pair = await CreateAsync(version);
        var reader = PipeReader.Create(pair.Server, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: useZeroByteReads));
        Task<ReadResult> reading = reader.ReadAsync().AsTask();
        reader.CancelPendingRead();
        ReadResult none = await Soon(reading);
        Assert.That((none.IsCanceled, none.Buffer.Length), Is.EqualTo((true, 0)));
        reader.AdvanceTo(none.Buffer.End);
        await Soon(pair.Client.WriteAsync("later"u8.ToArray()));
        ReadResult some = await Soon(reader.ReadAtLeastAsync(5));
        Assert.That(Encoding.ASCII.GetString(some.Buffer), Is.EqualTo("later"));
        reader.AdvanceTo(some.Buffer.End);
        await reader.CompleteAsync();
    }

    // The length in four bytes, then as many bytes.
    private static void Put(IBufferWriter<byte> writer, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(sizeof(int)), length);
        writer.Advance(sizeof(int));
        for (int left = length; left > 0;)
        {
            Span<byte> room = writer.GetSpan();
            room = room[..Math.Min(left, room.Length)];
            room.Fill((byte)length);
            writer.Advance(room.Length);
            left -= room.Length;
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out int length)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadBigEndian(out length) || reader.Remaining < length)
        {
            return false;
        }

        foreach (ReadOnlyMemory<byte> piece in reader.UnreadSequence.Slice(0, length))
        {
            Assert.That(piece.Span.IndexOfAnyExcept((byte)length), Is.Negative);
        }

        buffer = reader.UnreadSequence.Slice(length);
        return true;
    }

    // A buffer writer is written to in place, and each flush seals what is in it.
    private static async Task Write(PipeWriter writer, SslModule.Engine.Streams.TlsStream stream, string[] lines)
    {
        foreach (string line in lines)
        {
            Encoding.ASCII.GetBytes(line + "\n", writer);
            await Soon(writer.FlushAsync());
        }

        await writer.CompleteAsync();
        await Soon(stream.ShutdownAsync());
    }

    private static async Task Echo(PipeReader reader, PipeWriter writer)
    {
        ReadResult result;
        do
        {
            result = await Soon(reader.ReadAsync());
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
            {
                await Soon(writer.WriteAsync(segment));
            }

            reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);

        // This disposes of the stream, which says close_notify.
        await writer.CompleteAsync();
        await reader.CompleteAsync();
    }

    /// <summary>The shared pool, which counts.</summary>
    private sealed class CountingPool : MemoryPool<byte>
    {
        public int Rented { get; private set; }

        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            Rented++;
            return Shared.Rent(minBufferSize);
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
