using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SslModule.Engine.Certificates;

/// <summary>The functions of crypt32.dll that read a store; .NET's own classes show neither CRLs nor the usages set by property.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class CryptoApi
{
    /// <summary>CRYPT_E_NOT_FOUND.</summary>
    public const int NotFound = unchecked((int)0x80092004);

    private const string Library = "crypt32.dll";

    /// <summary>CertOpenStore: the providers are numbers in the place of names.</summary>
    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial CertificateStoreHandle CertOpenStore(nint provider, uint encoding, nint cryptographicProvider, uint flags, string? name);

    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CertAddStoreToCollection(CertificateStoreHandle collection, CertificateStoreHandle store, uint flags, uint priority);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CertCloseStore(nint store, uint flags);

    /// <summary>The context after <paramref name="previous"/>, which is released; null behind the last.</summary>
    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial EncodedContext* CertEnumCertificatesInStore(CertificateStoreHandle store, EncodedContext* previous);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial EncodedContext* CertEnumCRLsInStore(CertificateStoreHandle store, EncodedContext* previous);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CertFreeCertificateContext(EncodedContext* certificate);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CertFreeCRLContext(EncodedContext* list);

    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CertGetEnhancedKeyUsage(EncodedContext* certificate, uint flags, UsageList* usages, ref uint size);
}

/// <summary>The fields with which CERT_CONTEXT and CRL_CONTEXT begin.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EncodedContext
{
    private readonly uint _encodingType;
    private readonly byte* _encoded;
    private readonly uint _length;

    /// <summary>The kind of encoding.</summary>
    public readonly int EncodingType => (int)_encodingType;

    /// <summary>A copy of the encoding.</summary>
    public readonly byte[] Copy() => new ReadOnlySpan<byte>(_encoded, checked((int)_length)).ToArray();
}

/// <summary>CTL_USAGE: identifiers as texts that end with a NUL.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UsageList
{
    private readonly uint _count;
    private readonly nint* _identifiers;

    /// <summary>The identifiers.</summary>
    public readonly IReadOnlyList<string> Copy()
    {
        var copy = new List<string>();
        for (uint index = 0; index < _count; index++)
        {
            if (Marshal.PtrToStringUTF8(_identifiers[index]) is { } identifier)
            {
                copy.Add(identifier);
            }
        }

        return copy;
    }
}

/// <summary>A store that is open.</summary>
[SupportedOSPlatform("windows")]
internal sealed class CertificateStoreHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => CryptoApi.CertCloseStore(handle, 0);
}
