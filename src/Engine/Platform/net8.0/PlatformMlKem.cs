namespace SslModule.Engine.Platform;

/// <summary>A stand-in for .NET 10's ML-KEM.</summary>
internal sealed class PlatformMlKem : IDisposable
{
    /// <summary>Always false.</summary>
    public static bool IsSupported => false;

    /// <summary>Not supported.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    public static PlatformMlKem Generate(int set) => throw new PlatformNotSupportedException();

    /// <summary>Not supported.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    public static PlatformMlKem? Import(int set, ReadOnlySpan<byte> encapsulationKey) => throw new PlatformNotSupportedException();

    /// <summary>Not supported.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    public byte[] EncapsulationKey() => throw new PlatformNotSupportedException();

    /// <summary>Not supported.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    public byte[] Encapsulate(out byte[] ciphertext) => throw new PlatformNotSupportedException();

    /// <summary>Not supported.</summary>
    /// <exception cref="PlatformNotSupportedException">Always.</exception>
    public byte[]? Decapsulate(ReadOnlySpan<byte> ciphertext) => throw new PlatformNotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
