using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Certificates.Stores;

/// <summary>What enum_certificates() and enum_crls() make of a store: everywhere with a store of the test's, on Windows with the system's.</summary>
[TestFixture]
public sealed class WindowsStoresTests
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const int X509 = 1;
    private const int Pkcs7 = 0x10000;

    [Test]
    public void Without_usages_a_certificate_is_trusted_for_everything()
        => Assert.That(Only(new RawStoreCertificate([1], X509, null, null)).Usages, Is.Null);

    [Test]
    public void Its_extension_says_what_it_is_good_for()
        => Assert.That(Only(new RawStoreCertificate([1], X509, null, [ServerAuth, ClientAuth])).Usages, Is.EquivalentTo(new[] { ServerAuth, ClientAuth }));

    [Test]
    public void What_an_administrator_set_takes_the_place_of_the_extension()
        => Assert.That(Only(new RawStoreCertificate([1], X509, [ClientAuth], [ServerAuth])).Usages, Is.EquivalentTo(new[] { ClientAuth }));

    [Test]
    public void An_empty_list_of_usages_trusts_for_nothing()
    {
        Assert.That(Only(new RawStoreCertificate([1], X509, [], [ServerAuth])).Usages, Is.Empty);
        Assert.That(Only(new RawStoreCertificate([1], X509, null, [])).Usages, Is.Empty);
    }

    [Test]
    public void A_certificate_in_several_places_is_listed_once()
    {
        var stores = new WindowsStores(new FakeReader(
            new RawStoreCertificate([1, 2], X509, null, null),
            new RawStoreCertificate([3], X509, [ServerAuth, ClientAuth], null),
            new RawStoreCertificate([1, 2], X509, null, null),
            new RawStoreCertificate([3], X509, null, [ClientAuth, ServerAuth])));
        Assert.That(stores.Certificates("CA").Select(certificate => certificate.Encoded), Is.EqualTo(new byte[][] { [1, 2], [3] }));
    }

    [Test]
    public void The_same_one_with_another_trust_or_encoding_is_another_entry()
    {
        var stores = new WindowsStores(new FakeReader(
            new RawStoreCertificate([1], X509, null, null),
            new RawStoreCertificate([1], X509, null, [ServerAuth]),
            new RawStoreCertificate([1], X509, [], null),
            new RawStoreCertificate([1], Pkcs7, null, null),
            new RawStoreCertificate([1, 1], X509, null, null)));
        Assert.That(stores.Certificates("CA"), Has.Count.EqualTo(5));
    }

    [Test]
    public void A_list_in_several_places_is_listed_once()
    {
        var stores = new WindowsStores(new FakeReader { Lists = [new([1], X509), new([2], X509), new([1], X509), new([1], Pkcs7)] });
        Assert.That(stores.RevocationLists("CA").Select(list => (list.Encoded[0], list.EncodingType)), Is.EqualTo(new[] { ((byte)1, X509), ((byte)2, X509), ((byte)1, Pkcs7) }));
    }

    [Test]
    public void The_store_asked_for_is_the_store_read()
    {
        var reader = new FakeReader();
        _ = new WindowsStores(reader).Certificates("MY");
        _ = new WindowsStores(reader).RevocationLists("Disallowed");
        Assert.That(reader.Asked, Is.EqualTo(new[] { "MY", "Disallowed" }));
    }

    [Test]
    public void A_refusal_of_the_system_comes_through_with_its_number()
    {
        var stores = new WindowsStores(new FakeReader { Refusal = 5 });
        TlsError error = Assert.Throws<TlsError>(() => stores.Certificates("ROOT"))!;
        Assert.That((error.Kind, error.WindowsError, error.FileName), Is.EqualTo((TlsErrorKind.System, 5, (string?)null)));
        Assert.That(Assert.Throws<TlsError>(() => stores.RevocationLists("ROOT"))!.WindowsError, Is.EqualTo(5));
    }

    [TestCase(X509, "x509_asn")]
    [TestCase(Pkcs7, "pkcs_7_asn")]
    [TestCase(X509 | Pkcs7, null)]
    [TestCase(0, null)]
    public void Encodings_have_pythons_names(int type, string? name) => Assert.That(WindowsStores.EncodingName(type), Is.EqualTo(name));

    [Test]
    public void The_layouts_are_those_of_wincrypt()
    {
        Assert.That(Marshal.SizeOf<EncodedContext>(), Is.EqualTo(3 * IntPtr.Size));
        Assert.That(Marshal.SizeOf<UsageList>(), Is.EqualTo(2 * IntPtr.Size));
    }

    [Test]
    public unsafe void Native_memory_is_copied()
    {
        byte[] encoded = [0x30, 0x00, 0x7F];
        nint first = Marshal.StringToCoTaskMemUTF8(ServerAuth);
        nint second = Marshal.StringToCoTaskMemUTF8(ClientAuth);
        try
        {
            fixed (byte* start = encoded)
            {
                nint[] context = [Pkcs7, (nint)start, encoded.Length];
                fixed (nint* pointer = context)
                {
                    var read = (EncodedContext*)pointer;
                    Assert.That(read->Copy(), Is.EqualTo(encoded).And.Not.SameAs(encoded));
                    Assert.That(read->EncodingType, Is.EqualTo(Pkcs7));
                }
            }

            // An entry without a text is passed over.
            nint[] identifiers = [first, 0, second];
            fixed (nint* start = identifiers)
            {
                nint[] usages = [identifiers.Length, (nint)start];
                fixed (nint* pointer = usages)
                {
                    Assert.That(((UsageList*)pointer)->Copy(), Is.EqualTo(new[] { ServerAuth, ClientAuth }));
                }
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem(first);
            Marshal.FreeCoTaskMem(second);
        }
    }

    [Test]
    [Platform("Win")]
    [SupportedOSPlatform("windows")]
    public void The_users_store_shows_what_is_put_there()
    {
        Issued issued = new CertificateSpec { Subject = "CN=SslModule.Engine.Tests", IsCa = true }.SelfSign();
        using var certificate = X509Certificate2.CreateFromPem(PemEncoding.WriteString("CERTIFICATE", issued.Certificate.Encoded.Span));
        using var store = new X509Store("CA", StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            StoreCertificate[] found = [.. WindowsStores.System.Certificates("CA").Where(entry => entry.Encoded.AsSpan().SequenceEqual(certificate.RawData))];
            Assert.That(found, Has.Length.EqualTo(1));
            Assert.That((found[0].EncodingType, found[0].Usages), Is.EqualTo((X509, (IReadOnlySet<string>?)null)));
        }
        finally
        {
            store.Remove(certificate);
        }

        Assert.That(WindowsStores.System.Certificates("CA").Any(entry => entry.Encoded.AsSpan().SequenceEqual(certificate.RawData)), Is.False);
    }

    [Test]
    [Platform("Win")]
    [SupportedOSPlatform("windows")]
    public void Windows_trusts_somebody() => Assert.That(WindowsStores.System.Certificates("ROOT"), Is.Not.Empty);

    private static StoreCertificate Only(RawStoreCertificate raw) => new WindowsStores(new FakeReader(raw)).Certificates("CA").Single();

    private sealed class FakeReader(params RawStoreCertificate[] certificates) : IStoreReader
    {
        public StoreRevocationList[] Lists { get; init; } = [];

        public int Refusal { get; init; }

        public List<string> Asked { get; } = [];

        public IEnumerable<RawStoreCertificate> ReadCertificates(string store) => Open(store, certificates);

        public IEnumerable<StoreRevocationList> ReadRevocationLists(string store) => Open(store, Lists);

        private T[] Open<T>(string store, T[] items)
        {
            Asked.Add(store);
            return Refusal == 0 ? items : throw TlsError.Windows(Refusal);
        }
    }
}
