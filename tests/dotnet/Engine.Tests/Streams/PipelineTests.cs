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
}
