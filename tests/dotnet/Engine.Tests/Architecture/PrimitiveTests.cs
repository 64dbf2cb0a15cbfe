using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using NUnit.Framework;
using SslModule.Engine.Connection;

namespace SslModule.Engine.Tests.Architecture;

/// <summary>
/// The engine's own primitives are reached from a few places, each of which asks whether the cryptography must be the platform's. What
/// each then takes, Crypto/PlatformCryptographyTests sees.
/// </summary>
public sealed class PrimitiveTests
{
    private static readonly string[] Own =
    [
        "SslModule.Engine.Crypto.Curve25519.", "SslModule.Engine.Crypto.MlKem.", "SslModule.Engine.Crypto.HardwareGcm", "SslModule.Engine.Crypto.GcmSpeed", "SslModule.Engine.Crypto.AesCounter", "SslModule.Engine.Crypto.Ghash",
        "SslModule.Engine.Crypto.AesKeySchedule", "SslModule.Engine.Crypto.Cbc.HardwareAesCbc", "SslModule.Engine.Crypto.KeyAgreement.X25519Share", "SslModule.Engine.Crypto.KeyAgreement.MlKemShare",
        "SslModule.Engine.Certificates.RsaPublicOperation",
    ];

    private static readonly string[] Places = ["AeadAlgorithm", "CbcSuite", "EngineFacts", "KeyShare", "RsaPublicKey"];

    // Asked for by Ghash alone.
    private const string WideMultiplication = "SslModule.Engine.Platform.Pclmulqdq256";

    [Test]
    public void AreReachedFromAFewPlaces()
    {
        ArchUnitNET.Domain.Architecture engine = new ArchLoader().LoadAssemblies(typeof(TlsConnection).Assembly).Build();
        var places = new SortedSet<string>(StringComparer.Ordinal);
        foreach (IType type in engine.Types.Where(type => !IsOwn(type) && type.FullName.StartsWith("SslModule.Engine.", StringComparison.Ordinal)))
        {
            if (type.Dependencies.Any(dependency => IsOwn(dependency.Target)))
            {
                places.Add(Outermost(type));
            }
        }

        Assert.That(places, Is.EqualTo(Places));
    }

    /// <summary>Each of the places asks the processor first, so what is for x86 alone is reached on no other.</summary>
    [Test]
    public void AreAllThatUsesInstructionsOfX86()
    {
        ArchUnitNET.Domain.Architecture engine = new ArchLoader().LoadAssemblies(typeof(TlsConnection).Assembly).Build();
        string[] users =
        [
            .. engine.Types.Where(type => type.Dependencies.Any(dependency => dependency.Target.FullName.StartsWith("System.Runtime.Intrinsics.X86.", StringComparison.Ordinal)))
                .Select(type => type.FullName),
        ];
        Assert.That(users, Has.Length.GreaterThan(10), "the instructions are found");
        Assert.That(users.Where(name => name != WideMultiplication && !Own.Any(own => name.StartsWith(own, StringComparison.Ordinal))), Is.Empty);
    }

    private static bool IsOwn(IType type) => Own.Any(name => type.FullName.StartsWith(name, StringComparison.Ordinal));

    private static string Outermost(IType type) => type.FullName[(type.FullName.LastIndexOf('.') + 1)..].Split('+', '/', '`')[0];
}
