using SharpFuzz;

namespace SslModule.Engine.Tests.Fuzz;

/// <summary>The targets as programs for a fuzzer that is guided by coverage.</summary>
internal static class FuzzProgram
{
    /// <summary>Runs `fuzz TARGET` under afl-fuzz, writes the seeds of `seeds TARGET FOLDER`, names the `targets`, or uses the files of `replay TARGET FILE...`.</summary>
    public static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["fuzz", string name]:
                FuzzTarget target = FuzzTarget.Find(name);
                Fuzzer.Run(stream =>
                {
                    using var copy = new MemoryStream();
                    stream.CopyTo(copy);
                    target.Use(copy.ToArray());
                });
                return 0;
            case ["targets"]:
                Console.WriteLine(string.Join(' ', FuzzTarget.All.Select(one => one.Name)));
                return 0;
            case ["seeds", string name, string folder]:
                Directory.CreateDirectory(folder);
                int number = 0;
                foreach (byte[] seed in FuzzTarget.Find(name).Seeds())
                {
                    File.WriteAllBytes(Path.Combine(folder, $"seed-{number++:d3}"), seed);
                }

                return 0;
            case ["replay", string name, .. string[] files]:
                foreach (string file in files)
                {
                    FuzzTarget.Find(name).Use(File.ReadAllBytes(file));
                }

                return 0;
            default:
                Console.Error.WriteLine("usage: targets | fuzz TARGET | seeds TARGET FOLDER | replay TARGET FILE...");
                return 2;
        }
    }
}
