using NUnit.Framework;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Sessions;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Sessions;

/// <summary>A session and its resumption agree about the extended master secret (RFC 7627 section 5.3), with OpenSSL's alert where they do not.</summary>
public sealed class ExtendedMasterSecretTests
{
    [TestCase(Way.Ticket12)]
    [TestCase(Way.Id12)]
    public void SessionWithItIsNotResumedWithout(Way way)
    {
        var both = new Resumption(way);
        TlsSession session = both.First();
        using var client = new TlsConnection(both.Client, serverSide: false, "localhost") { Session = session };
        using var server = new TlsConnection(both.Server, serverSide: true, null);
        client.Handshake();
        byte[] hello = HelloEditor.Changed(client.Output.ToArray(), (int)ExtensionType.extended_master_secret, _ => null);
        server.Input(hello);
        TlsError error = Assert.Throws<TlsError>(() => server.Handshake())!;
        Assert.That((error.Reason, error.Alert), Is.EqualTo(("INCONSISTENT_EXTMS", (byte?)AlertDescription.handshake_failure)));
    }

    [Test]
    public void SessionWithoutItIsNotResumedWith()
    {
        var both = new Resumption(Way.Id12, configureClient: context => context.Options |= (ulong)TlsOptions.NoExtendedMasterSecret);
        TlsSession session = both.First();
        both.Client.Options &= ~(ulong)TlsOptions.NoExtendedMasterSecret;
        using MemoryPair pair = MemoryPair.Connect(both.Client, both.Server, "localhost", session: session);
        Assert.That((pair.Client.SessionReused, pair.Server.SessionReused, pair.Client.UsesExtendedMasterSecret), Is.EqualTo((false, false, true)));
    }
}
