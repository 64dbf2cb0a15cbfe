using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using SslModule.Engine.Context;
using SslModule.Engine.Sessions;

namespace SslModule.Bench;

/// <summary>Looks sessions up in a server's cache, in one of 1,000 and in one of 100,000, in turns, and prints what each costs.</summary>
internal static class SessionLookups
{
    private const int Few = 1_000;
    private const int Many = 100_000;
    private const int Lookups = 200_000;
    private const int Rounds = 9;
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public static void Compare()
    {
        (SessionCache few, byte[] fewIds) = Filled(Few);
        (SessionCache many, byte[] manyIds) = Filled(Many);
        double[] costs = new double[Rounds];
        double[] leasts = new double[Rounds];
        Cost(few, fewIds);
        Cost(many, manyIds);
        for (int round = 0; round < Rounds; round++)
        {
            (leasts[round], costs[round]) = (Cost(few, fewIds), Cost(many, manyIds));
        }

        Array.Sort(leasts);
        Array.Sort(costs);

        // The cost of a step is the processor's: all of a small cache lies in its own. A walk would take a hundred times as many.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"session cache: found in {costs[Rounds / 2]:F0} ns among {Many:N0} sessions, in {leasts[Rounds / 2]:F0} ns among {Few:N0}"));
    }

    private static (SessionCache Cache, byte[] Ids) Filled(int count)
    {
        SessionCache cache = new TlsContext(TlsProtocolSelection.TlsServer).SessionCache;
        cache.Capacity = count;
        byte[] ids = RandomNumberGenerator.GetBytes(count * SessionCache.IdLength);
        for (int at = 0; at < ids.Length; at += SessionCache.IdLength)
        {
            var state = new SessionState { Version = 0x0303, Suite = 0xC02B, Secret = new byte[48], CreatedAt = Now.ToUnixTimeMilliseconds(), AuthenticatedAt = 0, Lifetime = 7200 };
            cache.Add(ids.AsSpan(at, SessionCache.IdLength), state, Now);
        }

        return (cache, ids);
    }

    // In an order that no memory could foresee, and all of it found: nanoseconds a lookup.
    private static double Cost(SessionCache cache, byte[] ids)
    {
        int count = ids.Length / SessionCache.IdLength;
        byte[] asked = new byte[Lookups * SessionCache.IdLength];
        for (int at = 0; at < asked.Length; at += SessionCache.IdLength)
        {
            ids.AsSpan(Random.Shared.Next(count) * SessionCache.IdLength, SessionCache.IdLength).CopyTo(asked.AsSpan(at));
        }

        int found = 0;
        long start = Stopwatch.GetTimestamp();
        for (int at = 0; at < asked.Length; at += SessionCache.IdLength)
        {
            found += cache.Find(asked.AsSpan(at, SessionCache.IdLength), Now) is null ? 0 : 1;
        }

        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return found == Lookups ? elapsed / Lookups : throw new InvalidOperationException("A session was lost.");
    }
}
