using System.Buffers.Binary;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Records;

/// <summary>The record protection of one connection under one set of keys, with a sequence number of its own for each direction (RFC 8446 section 5.3).</summary>
internal abstract class RecordCipher : IDisposable
{
    /// <summary>The length of a record header (RFC 8446 section 5.1).</summary>
    public const int HeaderLength = 5;

    /// <summary>The length of the record that <paramref name="bytes"/> begin with, header included, as far as it can be told; they may be fewer.</summary>
    public static int FirstLength(ReadOnlySpan<byte> bytes)
        => HeaderLength + (bytes.Length < HeaderLength ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]));

    /// <summary>
    /// How many full records AES-GCM protects under one key: 2^24.5 (RFC 8446 section 5.5), rounded down to a power of two.
    /// </summary>
    public const long GcmRecordLimit = 1L << 24;

    /// <summary>How many records the current write key has protected.</summary>
    public long WriteSequence { get; protected internal set; }

    /// <summary>How many records the current read key has opened.</summary>
    public long ReadSequence { get; protected internal set; }

    /// <summary>The same for AES-CCM, whose bound RFC 9147 section 4.5.3 puts at 2^23.</summary>
    public const long CcmRecordLimit = 1L << 23;

    /// <summary>How many records one key protects before it must be changed; tests lower it.</summary>
    public long RecordLimit { get; set; } = long.MaxValue;

    /// <summary>True when the writing key has protected as many records as it may.</summary>
    public bool NeedsKeyUpdate => HidesContentType && WriteSequence >= RecordLimit;

    /// <summary>True when the peer's key has protected as many records as it may: it should have been changed.</summary>
    public bool NeedsPeerUpdate => HidesContentType && ReadSequence >= RecordLimit;

    /// <summary>True in TLS 1.3, whose records hide their content type (RFC 8446 section 5.2).</summary>
    public virtual bool HidesContentType => false;

    /// <summary>True when a record's initialization vector is the end of the record before, which an attacker has seen (CBC before TLS 1.1).</summary>
    public virtual bool HasKnownVector => false;

    /// <summary>The length of the record that protects <paramref name="plaintextLength"/> bytes, at most.</summary>
    public abstract int SealedLength(int plaintextLength);

    /// <summary>Writes a whole record, header included.</summary>
    /// <param name="contentType">The content type of RFC 8446 section 5.1.</param>
    /// <param name="recordVersion">The legacy_record_version of the header.</param>
    /// <param name="plaintext">At most 16384 bytes.</param>
    /// <param name="record">At least <see cref="SealedLength"/> bytes.</param>
    /// <returns>The record's length.</returns>
    public abstract int Seal(ContentType contentType, ushort recordVersion, ReadOnlySpan<byte> plaintext, Span<byte> record);

    /// <summary>Opens the record at <paramref name="offset"/> in place.</summary>
    /// <param name="buffer">Holds the record, header included.</param>
    /// <param name="offset">Where its header begins.</param>
    /// <param name="fragmentLength">The length that the header names.</param>
    /// <param name="plaintextOffset">Where the plaintext begins in <paramref name="buffer"/>.</param>
    /// <param name="plaintextLength">Its length.</param>
    /// <returns>The content type; a failure is a <see cref="FatalAlertException"/>.</returns>
    public abstract ContentType Open(byte[] buffer, int offset, int fragmentLength, out int plaintextOffset, out int plaintextLength);

    /// <summary>Opens a record straight into <paramref name="destination"/>.</summary>
    /// <param name="record">The record, header included; it stays as it is.</param>
    /// <param name="destination">Gets the plaintext; of what lies behind it, at most the room that padding takes is overwritten.</param>
    /// <param name="contentType">The content type.</param>
    /// <param name="plaintextLength">The plaintext's length.</param>
    /// <returns>False when it does not fit, or this cipher has no such way; a failure is a <see cref="FatalAlertException"/>.</returns>
    public virtual bool TryOpenInto(ReadOnlySpan<byte> record, Span<byte> destination, out ContentType contentType, out int plaintextLength)
    {
        contentType = 0;
        plaintextLength = 0;
        return false;
    }

    /// <summary>The most plaintext that a fragment of a length may hold.</summary>
    public abstract int PlaintextLimit(int fragmentLength);

    /// <summary>Frees the keys; no record can be sealed or opened any more.</summary>
    public abstract void Dispose();

    /// <summary>Ends the connection when a sequence number would repeat (RFC 8446 section 5.3).</summary>
    protected static void CheckSequence(long sequence)
    {
        if (sequence == long.MaxValue)
        {
            throw Refuse("SEQUENCE_CTR_WRAPPED", AlertDescription.internal_error);
        }
    }

    /// <summary>A record that fails as a whole.</summary>
    public static FatalAlertException Refuse(string reason, AlertDescription alert)
        => new(alert, Errors.TlsError.Ssl("SSL", reason, (byte)alert));

    /// <summary>Writes a record header (RFC 8446 section 5.1).</summary>
    public static void WriteHeader(Span<byte> record, ContentType type, ushort version, int fragmentLength)
    {
        record[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], version);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], (ushort)fragmentLength);
    }
}
