using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Certificates;

/// <summary>A certificate met again is the same object, and only then.</summary>
public class CertificateCacheTests
{
    private static readonly Authority Root = Authority.Root();
    private static readonly byte[] Encoded = Root.Issue("CN=localhost", Shape.Server("localhost")).Certificate.Encoded.ToArray();

    [Test]
    public void EqualBytesGiveTheSameObject()
        => Assert.That(CertificateCache.Get(Encoded.ToArray()), Is.SameAs(CertificateCache.Get(Encoded)));

    [Test]
    public void AChangedCertificateWithTheSameSignatureIsAnother()
    {
        Certificate kept = CertificateCache.Get(Encoded);
        byte[] changed = Encoded.ToArray();
        int name = changed.AsSpan().IndexOf("localhost"u8);
        changed[name] = (byte)'m';
        Certificate other = CertificateCache.Get(changed);
        Assert.That(other, Is.Not.SameAs(kept));
        Assert.That(kept.WasSignedBy(Root.Certificate.PublicKey), Is.True);
        Assert.That(other.WasSignedBy(Root.Certificate.PublicKey), Is.False);
    }

    [Test]
    public void AKeyThatSignedSpeaksForNoOther()
    {
        Certificate certificate = CertificateCache.Get(Encoded);
        Assert.That(certificate.WasSignedBy(Root.Certificate.PublicKey), Is.True);
        Assert.That(certificate.WasSignedBy(Authority.Root().Certificate.PublicKey), Is.False);
        Assert.That(certificate.WasSignedBy(Root.Certificate.PublicKey), Is.True);
    }

    [Test]
    public void GarbageIsRefusedEachTime()
    {
        byte[] garbage = new byte[100];
        Assert.Throws<TlsError>(() => CertificateCache.Get(garbage));
        Assert.Throws<TlsError>(() => CertificateCache.Get(garbage));
    }
}
