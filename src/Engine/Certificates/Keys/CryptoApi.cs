using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SslModule.Engine.Certificates;

/// <summary>The crypt32.dll functions that read a store. .NET's own classes expose neither CRLs nor the usages set by property.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class CryptoApi
{
    /// <summary>CRYPT_E_NOT_FOUND.</summary>
    public const int NotFound = unchecked((int)0x80092004);

    private const string Library = "crypt32.dll";

    /// <summary>CertOpenStore with a numeric provider in place of a name.</summary>
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

    /// <summary>The certificate context after <paramref name="previous"/>, which is released; null after the last.</summary>
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

/// <summary>The first fields of CERT_CONTEXT and CRL_CONTEXT.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EncodedContext
{
    private readonly uint _encodingType;
    private readonly byte* _encoded;
    private readonly uint _length;

    /// <summary>The encoding type.</summary>
    public readonly int EncodingType => (int)_encodingType;

    /// <summary>A copy of the encoded bytes.</summary>
    public readonly byte[] Copy() => new ReadOnlySpan<byte>(_encoded, checked((int)_length)).ToArray();
}

/// <summary>CTL_USAGE: OIDs as NUL-terminated strings.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UsageList
{
    private readonly uint _count;
    private readonly nint* _identifiers;

    /// <summary>The OIDs.</summary>
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

/// <summary>A handle to an open store.</summary>
[SupportedOSPlatform("windows")]
internal sealed class CertificateStoreHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => CryptoApi.CertCloseStore(handle, 0);
}
