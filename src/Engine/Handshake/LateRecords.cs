namespace SslModule.Engine.Handshake;

/// <summary>Cuts a handshake message into records.</summary>
internal static class LateRecords
{
    /// <summary>Writes one record's content.</summary>
    public delegate void Writer(ReadOnlySpan<byte> fragment);

    /// <summary>Hands <paramref name="message"/> to <paramref name="write"/> in pieces of at most <paramref name="limit"/> bytes.</summary>
    public static void Write(ReadOnlySpan<byte> message, int limit, Writer write)
    {
        while (!message.IsEmpty)
        {
            int length = Math.Min(limit, message.Length);
            write(message[..length]);
            message = message[length..];
        }
    }
}
