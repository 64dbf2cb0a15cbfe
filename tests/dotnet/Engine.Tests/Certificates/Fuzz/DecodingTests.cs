using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Certificates.Fuzz;

/// <summary>Damaged certificates told by us and by the installed CPython: where both can read one, they say the same.</summary>
[TestFixture]
public class DecodingTests
{
    private const int Rounds = 1000;

    private const string Script = """
        import _ssl, json
        for line in open(PATH):
            path = line.strip()
            try:
                print(json.dumps(_ssl._test_decode_cert(path), default=lambda value: {'bytes': value.hex()}))
            except Exception as error:
                print(json.dumps({'error': '%s: %s' % (type(error).__name__, error)}))
        """;

    [Test]
    public void Damaged_certificates_decode_as_the_installed_CPython_does()
    {
        byte[][] seeds = [.. JsonNode.Parse(TestData.Text("decoded.json"))!.AsArray().Select(item => Convert.FromBase64String((string)item!["der"]!))];
        var mutator = new Mutator(5);
        (int both, _) = Compare([.. Enumerable.Range(0, Rounds).Select(_ => mutator.Damage(seeds))]);
        Assert.That(both, Is.AtLeast(Rounds / 10));
    }

    [Test]
    public void Odd_certificates_decode_as_the_installed_CPython_does()
    {
        (string Name, byte[] Der)[] odd = [.. OddCertificates.All()];
        (int both, List<int> stricter) = Compare([.. odd.Select(one => one.Der)]);
        Assert.That(odd, Has.Length.AtLeast(200));
        Assert.That(both, Is.AtLeast(200));
        Assert.That(stricter.Select(index => odd[index].Name), Is.Empty, "what CPython reads, we read");
    }

    // Where both read an input they say the same; what CPython refuses, we refuse.
    private static (int Both, List<int> Stricter) Compare(byte[][] inputs)
    {
        using var folder = new ScratchFolder();
        string[] paths = [.. inputs.Select((input, index) => folder.Write($"{index}.pem", System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", input) + "\n"))];
        string list = folder.Write("list", string.Join('\n', paths));
        string output = InstalledProgram.RunPython($"PATH = {JsonSerializer.Serialize(list)}\n{Script}") ?? "";
        Assume.That(output, Is.Not.Empty, "no CPython 3.11 over OpenSSL 3.0");
        string[] lines = output.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(inputs.Length));
        int both = 0;
        var stricter = new List<int>();
        var looser = new List<string>();
        var different = new List<string>();
        for (int index = 0; index < inputs.Length; index++)
        {
            JsonNode theirs = JsonNode.Parse(lines[index])!;
            JsonNode? ours = Decode(inputs[index]);
            if (theirs["error"] is not null)
            {
                if (ours is not null)
                {
                    looser.Add($"{theirs["error"]} {Convert.ToHexString(inputs[index])}");
                }
            }
            else if (ours is null)
            {
                stricter.Add(index);
            }
            else
            {
                both++;
                if (!JsonNode.DeepEquals(ours, theirs))
                {
                    different.Add($"{Convert.ToHexString(inputs[index])}\nexpected {theirs.ToJsonString()}\n but was {ours.ToJsonString()}");
                }
            }
        }

        TestContext.Out.WriteLine($"{both} read by both, {stricter.Count} by CPython only, {looser.Count} by us only");
        Assert.That(different, Is.Empty);
        Assert.That(looser, Is.Empty);
        return (both, stricter);
    }

    private static JsonNode? Decode(byte[] input)
    {
        try
        {
            return CertificateDecoderTests.ToJson(CertificateDecoder.Decode(Certificate.ParseFirst(input, out _)));
        }
        catch (TlsError)
        {
            return null;
        }
    }
}
