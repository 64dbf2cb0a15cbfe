namespace SslModule.Engine.Context;

/// <content>How much a client lets a server put into one record, for those who have little memory.</content>
public sealed partial class TlsContext
{
    private int? _maxFragmentLength;
    private int? _recordSizeLimit;

    /// <summary>On a client: asks the server to send, and promises to send, at most this much data in a record (RFC 6066 section 4); null to ask for nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not 512, 1024, 2048 or 4096.</exception>
    public int? MaxFragmentLength
    {
        get => _maxFragmentLength;
        set => _maxFragmentLength = value is null or 512 or 1024 or 2048 or 4096 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>On a client: asks the server to send at most this much in a protected record (RFC 8449), in TLS 1.3 with the content type and padding; null to ask for nothing.</summary>
    /// <remarks>A server that knows this extension and <see cref="MaxFragmentLength"/> answers this one.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is not between 64 and 16384.</exception>
    public int? RecordSizeLimit
    {
        get => _recordSizeLimit;
        set => _recordSizeLimit = value is null or (>= 64 and <= 1 << 14) ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }
}
