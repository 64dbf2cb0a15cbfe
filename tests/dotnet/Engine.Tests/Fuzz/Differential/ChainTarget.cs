using System.Formats.Asn1;
using System.Security.Cryptography;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Fuzz.Differential;

/// <summary>
/// Chains whose certificates say anything at all and are signed correctly nevertheless, each verified by the engine and by OpenSSL. A
/// damaged certificate would not get past its signature; here the damage is done first.
/// </summary>
/// <remarks>An input is a byte of settings, and one or two bodies of certificates (TBSCertificate), the leaf first, each behind its length in two bytes.</remarks>
internal static class ChainTarget
{
    private const string HostName = "www.example.com";

    private static readonly VerifyFlags[] Flags = [VerifyFlags.None, VerifyFlags.PartialChain, VerifyFlags.Strict, VerifyFlags.PolicyCheck];
    private static readonly byte[] EcdsaWithSha256 = Convert.FromHexString("300A06082A8648CE3D040302");

    private static readonly string[] Kinds = ["constraints: ", "policies: ", "roles: ", "strict: ", "proxies: "];
    private static readonly Authority Root = Authority.Root();
    private static readonly Authority Middle = Root.Issue("CN=middle", Shape.Ca());

    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new("chain-beside-openssl", Seeds, Use);

    private static IEnumerable<byte[]> Seeds()
    {
        Authority[] leaves =
        [
            Middle.Issue("CN=leaf", Shape.Server(HostName, "*.example.org")), Middle.Issue("CN=www.example.com", Shape.Client()),
            Middle.Issue("CN=leaf", Shape.Server(HostName) with { Addresses = ["127.0.0.1", "::1"], NotAfter = Authority.Now.AddYears(60) }),
        ];
        foreach (Authority leaf in leaves)
        {
            yield return Input(0, Body(leaf.Native.RawData), Body(Middle.Native.RawData));
            yield return Input(2, Body(leaf.Native.RawData), Body(Middle.Native.RawData));
        }

        yield return Input(0, Body(Root.Issue("CN=leaf", Shape.Server(HostName)).Native.RawData));

        // The table's chains, with extensions of every kind, under the names and keys of these two.
        foreach (ChainCase chain in ChainTable.All().Where(pair => Kinds.Any(kind => pair.Key.StartsWith(kind, StringComparison.Ordinal))).Select(pair => pair.Value()))
        {
            if (chain.Sent.Length > 0)
            {
                yield return Input(1, Body(chain.Leaf.Encoded, Middle, chain.Leaf.Certificate.SubjectPublicKeyInfo), Body(chain.Sent[0].Encoded, Root, Middle.Certificate.SubjectPublicKeyInfo, Middle));
            }
        }
    }

    private static byte[] Input(byte settings, params byte[][] bodies)
        => [settings, .. bodies.SelectMany(body => (byte[])[(byte)(body.Length >> 8), (byte)body.Length, .. body])];

    private static byte[] Body(byte[] certificate) => new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence().PeekEncodedValue().ToArray();

    /// <summary>A certificate's body for another issuer, key and subject, without the identifiers of keys.</summary>
    private static byte[] Body(byte[] certificate, Authority issuer, ReadOnlyMemory<byte> key, Authority? subject = null)
    {
        AsnReader body = new AsnReader(Body(certificate), AsnEncodingRules.DER).ReadSequence();
        byte[] Next() => body.ReadEncodedValue().ToArray();
        List<byte[]> parts = body.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0)) ? [Next()] : [];
        parts.AddRange([Next(), EcdsaWithSha256]);
        _ = (Next(), Next());
        parts.AddRange([issuer.Native.SubjectName.RawData, Next()]);
        byte[] own = Next();
        parts.AddRange([subject?.Native.SubjectName.RawData ?? own, key.ToArray()]);
        _ = Next();
        while (body.HasData)
        {
            parts.Add(body.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 3)) ? WithoutIdentifiers(body) : Next());
        }

        return Der.Sequence([.. parts]);
    }

    private static byte[] WithoutIdentifiers(AsnReader body)
    {
        AsnReader all = body.ReadSequence(body.PeekTag()).ReadSequence();
        var kept = new List<byte[]>();
        while (all.HasData)
        {
            byte[] extension = all.ReadEncodedValue().ToArray();
            if (new AsnReader(extension, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier() is not ("2.5.29.14" or "2.5.29.35"))
            {
                kept.Add(extension);
            }
        }

        return Der.Context(3, Der.Sequence([.. kept]));
    }

    private static void Use(byte[] input)
    {
        if (!LibCrypto.IsThere || input.Length < 3)
        {
            return;
        }

        var bodies = new List<byte[]>();
        for (int at = 1; at + 2 <= input.Length && bodies.Count < 2;)
        {
            int length = Math.Min((input[at] << 8) | input[at + 1], input.Length - at - 2);
            bodies.Add(input[(at + 2)..(at + 2 + length)]);
            at += 2 + length;
        }

        byte[] leaf = Signed(bodies[0], bodies.Count > 1 ? Middle : Root);
        byte[][] sent = bodies.Count > 1 ? [Signed(bodies[1], Root)] : [];
        var demand = new Demand(
            (input[0] & 4) == 0, Flags[input[0] & 3] | VerifyFlags.TrustedFirst, (input[0] >> 4) & 3, (input[0] & 8) == 0 ? HostName : null, HostNameFlags.NoPartialWildcards, Authority.Now);
        Compare(leaf, sent, demand);
    }

    /// <summary>Both accept, or both refuse: which of a chain's faults is named first may differ where what is damaged can be read in several ways.</summary>
    private static void Compare(byte[] leaf, byte[][] sent, Demand demand)
    {
        int? theirs = LibCrypto.Verify(leaf, sent, [Root.Native.RawData], demand);
        int? ours = Verify(leaf, sent, demand);

        // DER alone is read (RFC 5280 section 4.1). OpenSSL reads BER, and looks only into the extensions that it uses.
        bool isStricter = ours is null || (ours != VerifyCode.Ok && !sent.Append(leaf).All(one => StrictDer.Holds(one)));
        if (!isStricter && (ours == VerifyCode.Ok) != (theirs == VerifyCode.Ok))
        {
            throw new InvalidOperationException(
                $"ours {ours}, OpenSSL {theirs?.ToString() ?? "cannot read it"}, {demand}: {Convert.ToHexString(leaf)} {string.Join(' ', sent.Select(Convert.ToHexString))}");
        }
    }

    private static int? Verify(byte[] leaf, byte[][] sent, Demand demand)
    {
        try
        {
            var store = new TrustStore();
            store.Add(Root.Certificate);
            return ChainVerifier.Verify(Certificate.Parse(leaf), [.. sent.Select(one => Certificate.Parse(one))], new VerificationSettings
            {
                Store = store,
                Flags = demand.Flags,
                SecurityLevel = demand.SecurityLevel,
                Purpose = demand.OfServer ? Purpose.ServerAuth : Purpose.ClientAuth,
                HostName = demand.HostName,
                HostFlags = demand.HostFlags,
                Now = demand.Time,
            }).Code;
        }
        catch (TlsError)
        {
            return null;
        }
    }

    private static byte[] Signed(byte[] body, Authority signer)
    {
        byte[] signature = ((ECDsa)signer.Key).SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Der.Sequence(body, EcdsaWithSha256, Der.Bits(0, signature));
    }
}
