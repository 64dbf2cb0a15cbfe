using System.Globalization;
using NUnit.Framework;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Certificates.Fuzz;

/// <summary>
/// Damaged certificates, CRLs and keys yield a TlsError or a verdict, nothing else, and none costs more than 50 ms or 64 MiB.
/// The rounds are few in a usual run; <c>make fuzz</c> sets FUZZ_ROUNDS.
/// </summary>
[TestFixture]
public class FuzzTests
{
    private const int UsualRounds = 3000;
    private const long MostBytes = 64 << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(50);

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("FUZZ_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) ? rounds : UsualRounds;

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int seed) ? seed : 1;

    [Test]
    public void Certificates_are_parsed_decoded_and_verified()
    {
        Run(CertificateUses.CertificateSeeds(), CertificateUses.UseCertificate);
    }

    [Test]
    public void Lists_are_parsed_and_consulted()
    {
        byte[][] seeds = CertificateUses.ListSeeds();
        Assert.That(seeds, Has.Length.AtLeast(20));
        Run(seeds, CertificateUses.UseList);
    }

    [Test]
    public void Keys_are_read()
    {
        Run(CertificateUses.KeySeeds(), CertificateUses.UseKey);
    }

    [Test]
    public void Pem_text_is_read()
    {
        ChainCase chain = ChainTable.All()["trusted: text between the blocks"]();
        byte[] text = System.Text.Encoding.Latin1.GetBytes(chain.Trusted);
        Run([text], CertificateUses.UsePem);
    }

    private static void Run(byte[][] seeds, Action<byte[]> use)
    {
        var mutator = new Mutator(Seed);
        foreach (byte[] seed in seeds)
        {
            // Compiled code, tables of curves and the like are not the input's cost.
            use(seed);
        }

        for (int round = 0; round < Rounds; round++)
        {
            byte[] input = mutator.Damage(seeds);
            (TimeSpan time, long bytes) = Measure(input, use, round);

            // Collections and compilation are nobody's fault: what is slow must be slow every time.
            for (int again = 0; again < 5 && (time > MostTime || bytes > MostBytes); again++)
            {
                (TimeSpan otherTime, long otherBytes) = Measure(input, use, round);
                time = otherTime < time ? otherTime : time;
                bytes = Math.Min(bytes, otherBytes);
            }

            Assert.That(time, Is.LessThanOrEqualTo(MostTime), () => Describe(round, input));
            Assert.That(bytes, Is.LessThanOrEqualTo(MostBytes), () => Describe(round, input));
        }
    }

    private static (TimeSpan Time, long Bytes) Measure(byte[] input, Action<byte[]> use, int round)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan start = ThreadClock.Now;
        try
        {
            use(input);
        }
        catch (Exception error)
        {
            Assert.Fail($"{Describe(round, input)}: {error}");
        }

        return (ThreadClock.Now - start, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Describe(int round, byte[] input) => $"seed {Seed}, round {round}, {Convert.ToHexString(input)}";
}
