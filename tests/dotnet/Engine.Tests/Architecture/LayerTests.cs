using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using NUnit.Framework;
using SslModule.Engine.Connection;

namespace SslModule.Engine.Tests.Architecture;

/// <summary>The layers of the engine, as docs/architecture.md has them: each uses those before it in the list, and none behind it.</summary>
public sealed class LayerTests
{
    private const string Root = "SslModule.Engine";

    /// <summary>The lowest first. <c>Resources</c> are the classes of the root namespace: embedded tables and the process's environment.</summary>
    private static readonly string[] Layers =
    [
        "Platform", "Wire", "Resources", "Errors", "Diagnostics", "Oids", "Randomness", "Crypto", "Ciphers", "Certificates", "Sessions", "Records", "Context", "Handshake", "Connection", "Streams",
    ];

    /// <summary>A context's callbacks are told of the connection that asks, by the application's own type for it; they do nothing with it.</summary>
    private static readonly (string From, string To)[] Exceptions =
    [
        ("TlsContext", "TlsConnection"), ("TlsContext", "TlsMessage"),
    ];

    private static readonly ArchUnitNET.Domain.Architecture Engine = new ArchLoader().LoadAssemblies(typeof(TlsConnection).Assembly).Build();

    [Test]
    public void DependOnLowerOnesAlone()
    {
        var upwards = new SortedSet<string>(StringComparer.Ordinal);
        int seen = 0;
        foreach (IType type in Engine.Types)
        {
            if (LayerOf(type) is not { } own)
            {
                continue;
            }

            foreach (IType target in type.Dependencies.Select(dependency => dependency.Target))
            {
                seen++;
                if (LayerOf(target) is { } other && other > own && !Exceptions.Contains((Outermost(type), Outermost(target))))
                {
                    upwards.Add($"{Layers[own]}: {Outermost(type)} uses {Outermost(target)} of {Layers[other]}");
                }
            }
        }

        Assert.That(upwards, Is.Empty);
        Assert.That(seen, Is.GreaterThan(5000), "dependencies were found at all");
    }

    [Test]
    public void HoldEveryType()
        => Assert.That(Engine.Types.Where(type => IsOfTheEngine(type) && LayerOf(type) is null).Select(type => type.FullName), Is.Empty);

    /// <summary>BouncyCastle is left with primitives: its TLS is not used.</summary>
    [Test]
    public void UseNoTlsOfBouncyCastle()
        => Assert.That(
            Engine.Types.Where(IsOfTheEngine).SelectMany(type => type.Dependencies.Select(dependency => dependency.Target.FullName)).Where(name => name.StartsWith("Org.BouncyCastle.Tls", StringComparison.Ordinal)),
            Is.Empty);

    /// <summary>The engine sees its own types alone: it has no reflection and no accessors of private members.</summary>
    [Test]
    public void UseNoReflection()
    {
        string[] used = [.. Engine.Types.Where(IsOfTheEngine)
            .SelectMany(type => type.Dependencies.Select(dependency => (Outermost(type), Target: dependency.Target.FullName)))
            .Where(pair => pair.Target is "System.Runtime.CompilerServices.UnsafeAccessorAttribute" or "System.Reflection.FieldInfo" or "System.Reflection.MethodInfo" or "System.Reflection.PropertyInfo" or "System.Activator")
            .Select(pair => $"{pair.Item1} uses {pair.Target}").Distinct()];
        Assert.That(used, Is.Empty);
    }

    private static bool IsOfTheEngine(IType type)
        => type.Namespace?.FullName is { } name && (name == Root || name.StartsWith(Root + ".", StringComparison.Ordinal));

    private static int? LayerOf(IType type)
    {
        if (!IsOfTheEngine(type))
        {
            return null;
        }

        string room = type.Namespace!.FullName == Root ? "Resources" : type.Namespace.FullName[(Root.Length + 1)..].Split('.')[0];
        int layer = Array.IndexOf(Layers, room);
        return layer < 0 ? null : layer;
    }

    /// <summary>The name of the type that a type is nested in, or its own.</summary>
    private static string Outermost(IType type)
    {
        string name = type.FullName[(type.FullName.LastIndexOf('.') + 1)..];
        int nested = name.IndexOfAny(['+', '/', '`']);
        return nested < 0 ? name : name[..nested];
    }
}
