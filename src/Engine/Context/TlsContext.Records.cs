namespace SslModule.Engine.Context;

/// <content>Limits of the record size, for clients with little memory.</content>
public sealed partial class TlsContext
{
    private int? _maxFragmentLength;
    private int? _recordSizeLimit;

    /// <summary>On a client: requests that both ends send at most this many bytes of data in a record (RFC 6066 section 4); null for no request.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not 512, 1024, 2048 or 4096.</exception>
    public int? MaxFragmentLength
    {
        get => _maxFragmentLength;
        set => _maxFragmentLength = value is null or 512 or 1024 or 2048 or 4096 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>On a client: requests that the server sends at most this many bytes in a protected record (RFC 8449), including content type and padding in TLS 1.3; null for no request.</summary>
    /// <remarks>If the server supports it, it takes precedence over <see cref="MaxFragmentLength"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is not between 64 and 16384.</exception>
    public int? RecordSizeLimit
    {
        get => _recordSizeLimit;
        set => _recordSizeLimit = value is null or (>= 64 and <= 1 << 14) ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }
}
