using System.Collections.Concurrent;
using NUnit.Framework.Interfaces;

namespace SslModule.Tests.Arm64;

/// <summary>Prints results as they come, and counts them.</summary>
internal sealed class Reporter : ITestListener
{
    private const string Fixture = "TestFixture";

    private readonly ConcurrentDictionary<string, string> _running = new();
    private int _passed;
    private int _failed;
    private int _skipped;

    public void TestStarted(ITest test)
    {
        if (!test.IsSuite)
        {
            _running[test.Id] = test.FullName;
        }
    }

    public void TestFinished(ITestResult result)
    {
        if (!result.Test.IsSuite)
        {
            _running.TryRemove(result.Test.Id, out _);
            Count(result);
            return;
        }

        if (result.Test.TestType == Fixture)
        {
            Console.WriteLine($"{result.FullName}: {result.PassCount} passed, {result.FailCount} failed, {result.SkipCount} skipped, {result.Duration:F1} s");
        }

        // A fixture's own, before its tests or after them; those of tests are said with the tests.
        if (result.ResultState.Status == TestStatus.Failed && result.ResultState.Site is FailureSite.SetUp or FailureSite.TearDown)
        {
            Fail(result);
        }
    }

    public void TestOutput(TestOutput output)
    {
    }

    public void SendMessage(TestMessage message)
    {
    }

    /// <summary>Prints the counts.</summary>
    /// <param name="limit">The seconds after which the run was given up; null if it came to its end.</param>
    /// <returns>Whether tests have run, all of them, and none failed.</returns>
    public bool Conclude(int? limit)
    {
        if (limit is { } seconds)
        {
            string running = string.Join(", ", _running.Values);
            Interlocked.Increment(ref _failed);
            Console.WriteLine($"failed: no end after {seconds} s; at work: {(running.Length == 0 ? "no test" : running)}");
        }

        Console.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped");
        return _passed > 0 && _failed == 0;
    }

    private void Count(ITestResult result)
    {
        switch (result.ResultState.Status)
        {
            case TestStatus.Passed or TestStatus.Warning: Interlocked.Increment(ref _passed); break;
            case TestStatus.Failed: Fail(result); break;
            default: Interlocked.Increment(ref _skipped); break;
        }
    }

    private void Fail(ITestResult result)
    {
        Interlocked.Increment(ref _failed);
        Console.WriteLine($"failed: {result.FullName}\n{result.Message}\n{result.StackTrace}");
    }
}
