using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Certificates;

[TestFixture]
public class CertificateDecoderTests
{
    private const string EveryCertificateOfTheMachine = """
        import _ssl, json, os, glob, ssl, base64, test, tempfile
        folder = os.path.join(os.path.dirname(test.__file__), 'certdata')
        out = []
        def add(name, pem):
            try:
                der = ssl.PEM_cert_to_DER_cert(pem)
                with tempfile.NamedTemporaryFile('w', suffix='.pem') as file:
                    file.write(pem); file.flush()
                    decoded = _ssl._test_decode_cert(file.name)
            except Exception as error:
                decoded = {'error': type(error).__name__, 'text': str(error)}
            out.append({'name': name, 'der': base64.b64encode(der).decode(), 'decoded': decoded})
        begin, end = '-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----'
        files = glob.glob(os.path.join(folder, '*.pem')) + [ssl.get_default_verify_paths().openssl_cafile, '/etc/ssl/certs/ca-certificates.crt']
        for path in files:
            if os.path.exists(path) and 'badcert' not in path:
                text = open(path, encoding='latin-1').read()
                while begin in text:
                    text = text[text.index(begin):]
                    stop = text.index(end) + len(end)
                    add(os.path.basename(path), text[:stop] + '\n')
                    text = text[stop:]
        print(json.dumps(out))
        """;

    public static IEnumerable<TestCaseData> Recorded()
        => JsonNode.Parse(TestData.Text("decoded.json"))!.AsArray().Select(item => new TestCaseData(item!.ToJsonString()).SetArgDisplayNames((string)item["name"]!));

    [TestCaseSource(nameof(Recorded))]
    public void Certificates_decode_as_recorded_from_CPython(string recorded) => Check(JsonNode.Parse(recorded)!);

    [Test]
    public void Certificates_decode_as_the_installed_CPython_does()
    {
        string output = InstalledProgram.RunPython(EveryCertificateOfTheMachine) ?? "[]";
        JsonArray items = JsonNode.Parse(output)!.AsArray();
        Assume.That(items, Is.Not.Empty, "no CPython 3.11 over OpenSSL 3.0");
        Assert.Multiple(() =>
        {
            foreach (JsonNode? item in items)
            {
                Check(item!);
            }
        });
    }

    private static void Check(JsonNode item)
    {
        JsonNode expected = item["decoded"]!;
        byte[] der = Convert.FromBase64String((string)item["der"]!);
        if (expected["error"] is not null)
        {
            Assert.Throws<TlsError>(() => CertificateDecoder.Decode(Certificate.Parse(der)), (string)item["name"]!);
            return;
        }

        JsonNode actual = ToJson(CertificateDecoder.Decode(Certificate.Parse(der)));
        Assert.That(JsonNode.DeepEquals(actual, expected), Is.True, $"{item["name"]}\nexpected {expected.ToJsonString()}\n but was {actual.ToJsonString()}");
    }

    internal static JsonObject ToJson(CertificateInfo info)
    {
        var json = new JsonObject
        {
            ["subject"] = Name(info.Subject),
            ["issuer"] = Name(info.Issuer),
            ["version"] = info.Version,
            ["serialNumber"] = info.SerialNumber,
            ["notBefore"] = info.NotBefore,
            ["notAfter"] = info.NotAfter,
        };
        if (info.SubjectAltName is { } names)
        {
            json["subjectAltName"] = new JsonArray([.. names.Select(name => new JsonArray(name.Type, name.DirectoryName is { } directory ? Name(directory) : name.Value))]);
        }

        Put(json, "OCSP", info.OcspUrls);
        Put(json, "caIssuers", info.CaIssuers);
        Put(json, "crlDistributionPoints", info.CrlDistributionPoints);
        return json;
    }

    private static void Put(JsonObject json, string key, IReadOnlyList<string>? texts)
    {
        if (texts is not null)
        {
            json[key] = JsonSerializer.SerializeToNode(texts);
        }
    }

    private static JsonArray Name(IReadOnlyList<IReadOnlyList<NameAttribute>> name)
        => new([.. name.Select(relative => new JsonArray([.. relative.Select(attribute => new JsonArray(attribute.Type, Value(attribute)))]))]);

    // Bits as the tests' script writes bytes.
    private static JsonNode? Value(NameAttribute attribute)
        => attribute.Bits is { } bits ? new JsonObject { ["bytes"] = Convert.ToHexStringLower(bits) } : attribute.Text;
}
