using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Handshake.Tls12;

/// <summary>The master secret of TLS 1.2 or earlier, and the values derived from it (RFC 5246 sections 6.3, 7.4.9 and 8.1).</summary>
internal sealed class MasterSecret : IDisposable
{
    /// <summary>The length of the master secret, in bytes.</summary>
    public const int Length = 48;

    private const int FinishedLength = 12;
    private readonly byte[] _secret = new byte[Length];
    private readonly int _version;
    private readonly int _hash;
    private readonly byte[] _randoms;

    /// <param name="version">SSL 3.0 to TLS 1.2.</param>
    /// <param name="hash">The suite's hash algorithm, which only TLS 1.2 uses.</param>
    /// <param name="randoms">The client random followed by the server random.</param>
    private MasterSecret(int version, int hash, byte[] randoms) => (_version, _hash, _randoms) = (version, hash, randoms);

    /// <summary>Derives the master secret from the premaster secret (RFC 5246 section 8.1).</summary>
    public static MasterSecret FromPremaster(int version, int hash, byte[] randoms, ReadOnlySpan<byte> premaster)
    {
        var master = new MasterSecret(version, hash, randoms);
        master.Derive(premaster, "master secret"u8, randoms, master._secret);
        return master;
    }

    /// <summary>Derives the extended master secret from the messages up to the ClientKeyExchange (RFC 7627 section 4).</summary>
    public static MasterSecret Extended(int version, int hash, byte[] randoms, ReadOnlySpan<byte> premaster, ReadOnlySpan<byte> sessionHash)
    {
        var master = new MasterSecret(version, hash, randoms);
        master.Derive(premaster, "extended master secret"u8, sessionHash, master._secret);
        return master;
    }

    /// <summary>Uses the master secret of a resumed session.</summary>
    public static MasterSecret Resumed(int version, int hash, byte[] randoms, ReadOnlySpan<byte> secret)
    {
        var master = new MasterSecret(version, hash, randoms);
        secret.CopyTo(master._secret);
        return master;
    }

    /// <summary>The hash algorithm of a TLS 1.2 suite (RFC 5246 section 5): SHA-256, unless the suite specifies SHA-384.</summary>
    public static int HashOf(Ciphers.CipherSuiteInfo suite)
        => suite.StandardName.EndsWith("_SHA384", StringComparison.Ordinal) ? HashAlgorithm.sha384 : HashAlgorithm.sha256;

    /// <summary>The transcript hash of Finished and the extended master secret: MD5 and SHA-1 before TLS 1.2.</summary>
    public static byte[] HashMessages(int version, int hash, ReadOnlySpan<byte> messages) => version >= ProtocolVersion.TLSv12
        ? HashAlgorithms.Hash(hash, messages)
        : HandshakeSignature.Hashes(messages);

    /// <summary>The secret, valid until disposal.</summary>
    public ReadOnlySpan<byte> Bytes => _secret;

    /// <summary>Derives the key block (RFC 5246 section 6.3).</summary>
    public void FillKeyBlock(Span<byte> block)
    {
        int half = _randoms.Length / 2;
        Derive(_secret, "key expansion"u8, [.. _randoms[half..], .. _randoms[..half]], block);
    }

    /// <summary>The verify_data of a Finished (RFC 5246 section 7.4.9).</summary>
    /// <param name="ofServer">True for the server's Finished.</param>
    /// <param name="messages">The handshake messages before it.</param>
    public byte[] VerifyData(bool ofServer, ReadOnlySpan<byte> messages)
    {
        if (_version == ProtocolVersion.SSLv3)
        {
            return Ssl3.VerifyData(_secret, ofServer, messages);
        }

        byte[] verifyData = new byte[FinishedLength];
        Prf.Fill(_version, _hash, _secret, ofServer ? "server finished"u8 : "client finished"u8, HashMessages(_version, _hash, messages), verifyData);
        return verifyData;
    }

    /// <summary>Creates the exporter.</summary>
    public Exporter CreateExporter() => Exporter.Tls12((byte[])_secret.Clone(), _version, _hash, _randoms);

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    private void Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, Span<byte> output)
    {
        if (_version == ProtocolVersion.SSLv3)
        {
            Ssl3.Derive(secret, seed, output);
        }
        else
        {
            Prf.Fill(_version, _hash, secret, label, seed, output);
        }
    }
}
