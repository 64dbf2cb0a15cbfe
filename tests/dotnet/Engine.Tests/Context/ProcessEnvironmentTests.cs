using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Context;

/// <summary>A process with more privileges than its user takes nothing from the environment, as C's secure_getenv() does.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class ProcessEnvironmentTests
{
    private static readonly string[] Variables = [DefaultVerifyPaths.FileVariable, DefaultVerifyPaths.DirectoryVariable, ApiLevel.Variable, SystemDefaults.Variable];

    private readonly ProcessEnvironment _usual = ProcessEnvironment.Current;
    private readonly Dictionary<string, string?> _before = [];
    private string _file = "";

    [SetUp]
    public void Set()
    {
        _file = Path.GetTempFileName();
        File.WriteAllText(_file, "openssl_conf = start\n[start]\nssl_conf = ssl\n[ssl]\nsystem_default = everyone\n[everyone]\nMinProtocol = TLSv1\n");
        foreach (string variable in Variables)
        {
            _before[variable] = Environment.GetEnvironmentVariable(variable);
            Environment.SetEnvironmentVariable(variable, variable == ApiLevel.Variable ? "1.1.1" : _file);
        }
    }

    [TearDown]
    public void Restore()
    {
        ProcessEnvironment.Current = _usual;
        foreach ((string variable, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(variable, value);
        }

        File.Delete(_file);
    }

    [Test]
    public void NamesFilesAndLevels([Values] bool isRaised)
    {
        ProcessEnvironment.Current = new ProcessEnvironment(isRaised);
        string[] found =
        [
            DefaultVerifyPaths.EffectiveFile,
            string.Join(',', DefaultVerifyPaths.EffectiveDirectories),
            ApiLevel.Of(ApiLevel.OpenSsl30).Text,
        ];
        Assert.That(found, Is.EqualTo(isRaised
            ? new[] { DefaultVerifyPaths.File, DefaultVerifyPaths.Directory, ApiLevel.OpenSsl30.Text }
            : [_file, _file, ApiLevel.OpenSsl111.Text]));
        Assert.That(DefaultVerifyPaths.AreOverridden, Is.Not.EqualTo(isRaised));
        Assert.That(SystemDefaults.Load(), isRaised ? Is.Null : Is.Not.Null);
    }

    [Test]
    public void IsNoPartOfAConfigurationFile()
    {
        const string text = "a = $ENV::" + ApiLevel.Variable;
        Assert.That(ConfigurationFile.Parse(text).Start("a"), Is.EqualTo("1.1.1"));
        ProcessEnvironment.Current = new ProcessEnvironment(isRaised: true);
        Assert.That(() => ConfigurationFile.Parse(text), Throws.TypeOf<TlsError>().With.Property("Reason").EqualTo("VARIABLE_HAS_NO_VALUE"));
    }

    [Test]
    public void OfTheTestsIsTheirUsers() => Assert.That(_usual.Get(ApiLevel.Variable), Is.EqualTo("1.1.1"));
}
