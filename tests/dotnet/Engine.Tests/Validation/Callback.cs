using System.Net.Security;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Tests.Handshake;
using SslModule.Engine.Tests.Sessions;

namespace SslModule.Engine.Tests.Validation;

/// <summary>A validation callback that keeps what it was asked, and contexts for both verdicts of the engine.</summary>
internal sealed class Callback
{
    public const string Host = "localhost";

    /// <summary>What it was asked, in order.</summary>
    public List<Question> Questions { get; } = [];

    /// <summary>What it answers.</summary>
    public Func<PeerCertificateValidation, bool> Answer { get; set; } = _ => true;

    /// <summary>The only question.</summary>
    public Question Single => Questions.Single();

    public static Callback On(TlsContext context, bool answer) => On(context, _ => answer);

    public static Callback On(TlsContext context, Func<PeerCertificateValidation, bool>? answer = null)
    {
        var callback = new Callback();
        callback.Answer = answer ?? callback.Answer;
        context.RemoteCertificateValidationCallback = callback.Ask;
        return callback;
    }

    /// <summary>A client that trusts nobody.</summary>
    public static TlsContext Distrustful(int version)
        => new(TlsProtocolSelection.TlsClient, new Clock()) { MinimumVersion = version, MaximumVersion = version };

    /// <summary>A client with a certificate that the server knows, or not.</summary>
    public static TlsContext Client(int version, bool known, bool afterwards = false) => WireContexts.Client(version, context =>
    {
        context.PostHandshakeAuth = afterwards;
        (known ? (Action<TlsContext>)WireContexts.Known : WireContexts.Stranger)(context);
    });

    /// <summary>A server that asks clients for certificates.</summary>
    public static TlsContext Server(int version, VerifyMode mode, bool afterwards = false) => WireContexts.Server(version, context =>
    {
        context.VerifyMode = mode;
        context.PostHandshakeAuth = afterwards;
    });

    private bool Ask(TlsConnection connection, PeerCertificateValidation validation)
    {
        Questions.Add(new Question(
            connection,
            validation.Certificate?.Subject,
            [.. validation.Chain.Select(certificate => certificate.Subject)],
            [.. validation.SentCertificates.Select(certificate => certificate.Subject)],
            validation.Error,
            validation.PolicyErrors,
            validation.IsResumed));
        return Answer(validation);
    }

    internal sealed record Question(TlsConnection Connection, string? Subject, string[] Chain, string[] Sent, TlsError? Error, SslPolicyErrors PolicyErrors, bool IsResumed);
}
