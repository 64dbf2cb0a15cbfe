using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Conformance;

/// <summary>Wycheproof's test vectors (C2SP/wycheproof) through the engine's primitives, whatever serves each of them.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
internal sealed class WycheproofTests
{
    private const string Variable = "WYCHEPROOF";
    private static readonly ConcurrentDictionary<string, string> Lines = new();
    private static readonly ConcurrentDictionary<string, int> Reasons = new();
    private static int s_passed;
    private static int s_failed;
    private static int s_skipped;

    private static readonly Dictionary<string, Func<Vector, bool>> Judges = new()
    {
        ["AeadTest"] = CipherVectors.Aead,
        ["EcdsaVerify"] = SignatureVectors.Hashed,
        ["DsaVerify"] = SignatureVectors.Hashed,
        ["RsassaPkcs1Verify"] = SignatureVectors.Hashed,
        ["RsassaPssVerify"] = SignatureVectors.Pss,
        ["RsassaPssWithParametersVerify"] = SignatureVectors.Pss,
        ["EddsaVerify"] = SignatureVectors.Message,
        ["MlDsaVerify"] = SignatureVectors.MlDsa,
        ["EcdhEcpointTest"] = AgreementVectors.Ecdh,
        ["XdhComp"] = AgreementVectors.Xdh,
        ["MLKEMTest"] = KemVectors.Decapsulate,
        ["MLKEMEncapsTest"] = KemVectors.Encapsulate,
        ["MLKEMKeyGen"] = KemVectors.Generate,
        ["MacTest"] = CipherVectors.Hmac,
        ["RsaesPkcs1Decrypt"] = _ => throw new NotHereException("RsaesPkcs1Decrypt: in TLS a wrong padding gives a random secret and no answer"),
    };

    public static IEnumerable<string> Files
        => Suites.Folder(Variable) is { } folder ? Directory.EnumerateFiles(Path.Combine(folder, "testvectors_v1"), "*.json").Select(Path.GetFileNameWithoutExtension).Order()! : [""];

    [TestCaseSource(nameof(Files))]
    public void Judges_every_vector_right(string file)
    {
        if (Suites.Folder(Variable) is not { } folder)
        {
            Assert.Ignore("WYCHEPROOF does not name a folder with Wycheproof's vectors");
            return;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "testvectors_v1", file + ".json")));
        int passed = 0;
        int skipped = 0;
        var wrong = new List<string>();
        foreach (Vector vector in VectorFile.Read(document))
        {
            if (Judge(vector) is not { } accepted)
            {
                skipped++;
            }
            else if (vector.Expected == "acceptable" || accepted == (vector.Expected == "valid"))
            {
                passed++;
            }
            else
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{file} {vector.Number} is {vector.Expected}: {vector.Fields.GetProperty("comment").GetString()}"));
            }
        }

        Interlocked.Add(ref s_passed, passed);
        Interlocked.Add(ref s_failed, wrong.Count);
        Interlocked.Add(ref s_skipped, skipped);
        if (passed > 0 || wrong.Count > 0)
        {
            Lines[file] = string.Create(CultureInfo.InvariantCulture, $"{file,-48} {passed,6} passed {wrong.Count,4} failed {skipped,6} skipped");
        }

        Assert.That(wrong, Is.Empty);
    }

    [OneTimeTearDown]
    public void Report()
    {
        if (Suites.Folder(Variable) is not null)
        {
            IEnumerable<string> reasons = Reasons.OrderByDescending(pair => pair.Value).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value,8} skipped: {pair.Key}"));
            Suites.Report("wycheproof", [.. Lines.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value), .. reasons], s_passed, s_failed, s_skipped);
        }
    }

    /// <summary>Whether the engine accepts a vector and computes what it says; null where there is no use for it.</summary>
    private static bool? Judge(Vector vector)
    {
        try
        {
            return Judges.TryGetValue(vector.Kind, out Func<Vector, bool>? judge) ? judge(vector) : throw new NotHereException(vector.Kind + ": TLS does not use it");
        }
        catch (NotHereException exception)
        {
            Reasons.AddOrUpdate(exception.Message, 1, (_, count) => count + 1);
            return null;
        }
        catch (Exception exception) when (exception is TlsError or FatalAlertException)
        {
            return false;
        }
    }
}
