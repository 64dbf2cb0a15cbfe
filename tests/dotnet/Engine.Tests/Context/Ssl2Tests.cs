using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Context;

/// <summary>SSL 2.0: a context of it can be made, a handshake cannot.</summary>
[TestFixture]
internal sealed class Ssl2Tests
{
    [TestCase(false)]
    [TestCase(true)]
    public void EveryHandshakeIsRefused(bool server)
    {
        using var connection = new TlsConnection(new TlsContext(TlsProtocolSelection.SslV2), server, null);
        for (int turn = 0; turn < 2; turn++)
        {
            TlsError? error = Assert.Throws<TlsError>(() => connection.Handshake());
            Assert.That(error!.Reason, Is.EqualTo("UNSUPPORTED_PROTOCOL"));
            Assert.That(error.Message, Does.EndWith("RFC 6176 prohibits SSL 2.0"));
        }

        Assert.That(connection.Output.ToArray(), Is.EqualTo(new byte[] { 21, 3, 1, 0, 2, 2, 70 }));
    }

    [Test]
    public void ItsVersionsCannotBeChanged()
    {
        var context = new TlsContext(TlsProtocolSelection.SslV2);
        Assert.That(() => context.MaximumVersion = 0x0304, Throws.TypeOf<TlsError>());
    }
}
