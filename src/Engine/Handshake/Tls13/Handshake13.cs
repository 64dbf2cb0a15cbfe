using System.Security.Cryptography;
using SslModule.Engine.Records;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>One end of a TLS 1.3 handshake (RFC 8446 section 4).</summary>
internal abstract class Handshake13(HandshakeState state) : HandshakeRole(state)
{
    /// <summary>The record protection of both directions; null before the handshake keys.</summary>
    protected AeadRecordCipher? Cipher { get; private set; }

    /// <summary>Derives the handshake traffic keys and installs them in both directions.</summary>
    protected void Protect(HandshakeSecrets secrets, ReadOnlySpan<byte> clientRandom, int suite)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        Span<byte> client = stackalloc byte[secrets.Length];
        Span<byte> server = stackalloc byte[secrets.Length];
        State.Transcript.Hash(secrets.Hash, digest);
        secrets.Derive("c hs traffic", digest, client);
        secrets.Derive("s hs traffic", digest, server);
        Cipher = new AeadRecordCipher(AeadSuite.ForTls13(suite), secrets.Hash, State.IsServer, client, server);
        State.Protect(Cipher);
        State.KeyLogging.HandshakeKeysReady(clientRandom, client, server);
        CryptographicOperations.ZeroMemory(client);
        CryptographicOperations.ZeroMemory(server);
    }

    /// <summary>Derives the application traffic secrets and the exporter secret from the transcript up to the server's Finished.</summary>
    protected void DeriveApplicationSecrets(HandshakeSecrets secrets, Span<byte> client, Span<byte> server)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        byte[] exporter = new byte[secrets.Length];
        secrets.Advance([]);
        State.Transcript.Hash(secrets.Hash, digest);
        secrets.Derive("c ap traffic", digest, client);
        secrets.Derive("s ap traffic", digest, server);
        secrets.Derive("exp master", digest, exporter);
        State.Exporter = Exporter.Tls13(exporter, secrets.Hash);
        State.KeyLogging.ApplicationKeysReady(exporter, client, server);
    }

    /// <summary>Sends this end's Finished.</summary>
    /// <returns>Its verify_data.</returns>
    protected byte[] SendFinished(HandshakeSecrets secrets)
    {
        byte[] verifyData = new byte[secrets.Length];
        VerifyData(secrets, Cipher!.WriteSecret, verifyData);
        Begin(HandshakeType.finished).Bytes(verifyData);
        Send();
        return verifyData;
    }

    /// <summary>Checks the peer's Finished, before it is added to the transcript.</summary>
    /// <exception cref="FatalAlertException">The verify_data does not match.</exception>
    protected void CheckFinished(HandshakeSecrets secrets, ReadOnlySpan<byte> verifyData)
    {
        if (verifyData.Length != secrets.Length)
        {
            throw State.Fail("BAD_DIGEST_LENGTH", AlertDescription.decode_error);
        }

        Span<byte> expected = stackalloc byte[secrets.Length];
        VerifyData(secrets, Cipher!.ReadSecret, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, verifyData))
        {
            throw State.Fail("DIGEST_CHECK_FAILED", AlertDescription.decrypt_error);
        }
    }

    /// <summary>Checks the peer's CertificateVerify.</summary>
    protected void CheckSignature(HandshakeSecrets secrets, ReadOnlyMemory<byte> body, int[] accepted)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        State.Transcript.Hash(secrets.Hash, digest);
        State.PeerSignature = CertificateVerifyMessage.Check(State, body, State.PeerChain[0].PublicKey, accepted, digest);
    }

    /// <summary>Sends Certificate and CertificateVerify.</summary>
    protected void SendCertificate(HandshakeSecrets secrets, Certificates.CertifiedKey key, int scheme, byte[]? staple)
    {
        IReadOnlyList<Certificates.Certificate> chain = Credentials.Chain(State.Context, key);
        CertificateMessage.Write(Begin(HandshakeType.certificate), [], chain, staple);
        Send();
        State.LocalCertificate = chain[0];
        Span<byte> digest = stackalloc byte[secrets.Length];
        State.Transcript.Hash(secrets.Hash, digest);
        CertificateVerifyMessage.Write(State, Begin(HandshakeType.certificate_verify), key.Key, scheme, digest);
        Send();
    }

    /// <summary>Derives the resumption master secret, once all messages are in the transcript.</summary>
    protected ResumptionSecret DeriveResumption(HandshakeSecrets secrets)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        State.Transcript.Hash(secrets.Hash, digest);
        return new ResumptionSecret(secrets, digest);
    }

    private void VerifyData(HandshakeSecrets secrets, ReadOnlySpan<byte> trafficSecret, Span<byte> verifyData)
    {
        Span<byte> digest = stackalloc byte[secrets.Length];
        State.Transcript.Hash(secrets.Hash, digest);
        HandshakeSecrets.VerifyData(secrets.Hash, trafficSecret, digest, verifyData);
    }
}
