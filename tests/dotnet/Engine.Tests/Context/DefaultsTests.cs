using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Reflection;
using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Tests.Handshake;

namespace SslModule.Engine.Tests.Context;

/// <summary>
/// Every default of a new context, as defaults.txt has it: nothing about security changes by accident. When a change is meant, the test's
/// message has the text that belongs there.
/// </summary>
[TestFixture]
internal sealed class DefaultsTests
{
    private const int KeyShare = 51;

    private static readonly string[] NotSettings = ["SessionCache", "Statistics", "TicketKeys", "Time"];

    [Test]
    public void AreThoseOfTheList()
    {
        List<string> lines = [];
        foreach (TlsProtocolSelection protocol in (TlsProtocolSelection[])[TlsProtocolSelection.TlsClient, TlsProtocolSelection.TlsServer])
        {
            lines.Add($"# {protocol}");
            lines.AddRange(Lines(new TlsContext(protocol)));
        }

        lines.Add("# ClientHello");
        lines.AddRange(Hello());
        string text = string.Join('\n', lines) + "\n";
        Assert.That(text, Is.EqualTo(TestData.Text("defaults.txt")), text);
    }

    private static IEnumerable<string> Lines(TlsContext context)
        => typeof(TlsContext).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && !NotSettings.Contains(property.Name))
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"{property.Name}: {Text(property.GetValue(context))}");

    /// <summary>What the first message of a client offers, in hexadecimal digits; of random values and keys nothing.</summary>
    private static IEnumerable<string> Hello()
    {
        using var connection = new TlsConnection(new TlsContext(TlsProtocolSelection.TlsClient), serverSide: false, "localhost");
        connection.Handshake();
        byte[] record = connection.Output.ToArray();

        // The record's header, the message's, the version and the random value; then the session ID, the cipher suites and the compression methods.
        int at = 5 + 4 + 2 + 32;
        at += 1 + record[at];
        int length = BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(at));
        yield return "cipher suites: " + Convert.ToHexStringLower(record.AsSpan(at + 2, length));
        at += 2 + length;
        yield return "compression: " + Convert.ToHexStringLower(record.AsSpan(at + 1, record[at]));
        foreach ((int type, byte[] data) in HelloEditor.Extensions(record))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"extension {type}: {(type == KeyShare ? "keys" : Convert.ToHexStringLower(data))}");
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        ulong options => string.Create(CultureInfo.InvariantCulture, $"0x{options:X}"),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        string text => text,
        byte[] bytes => Convert.ToHexString(bytes),
        Enum flags => string.Create(CultureInfo.InvariantCulture, $"{flags} ({Convert.ToInt64(flags, CultureInfo.InvariantCulture)})"),
        IEnumerable many => "[" + string.Join(", ", many.Cast<object?>().Select(Text)) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
