use std::io::Write;

use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::{Compression, GzBuilder};
use reqwest::header::HeaderValue;

use super::*;

const TEXT: &[u8] = b"Connect ";
const TIMES: usize = 10_000;

fn text() -> Vec<u8> {
    TEXT.repeat(TIMES)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The text in a member with all optional fields of the header except the checksum.
fn gzip_with_fields(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new()
        .filename("records.json")
        .comment("of May")
        .extra(vec![7; 300])
        .write(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn raw_deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The text as compressed by Node; no Brotli encoder is among the dependencies.
const BROTLI: [u8; 18] = [
    0x5b, 0x7f, 0x38, 0x81, 0x5f, 0x02, 0xa0, 0x0a, 0x39, 0xac, 0x1c, 0x58, 0xc8, 0x04, 0x65, 0x60, 0x02,
    0x00,
];

fn decode(codings: &[Coding], encoded: &[u8], chunk_length: usize) -> Result<Vec<u8>, DecodeError> {
    let mut decoder = Decoder::of(codings).unwrap();
    let mut all = Vec::new();
    for chunk in encoded.chunks(chunk_length) {
        decoder.push(Bytes::copy_from_slice(chunk));
        while let Some(decoded) = decoder.next_chunk()? {
            assert!(decoded.len() <= CHUNK_BYTES, "{} bytes at once", decoded.len());
            all.extend(decoded);
        }
    }
    decoder.finish()?;
    Ok(all)
}

fn parse(lines: &[&'static str]) -> Vec<Coding> {
    let values = lines.iter().map(|line| HeaderValue::from_static(line));
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(CONTENT_ENCODING, value);
    }
    codings(&headers)
}

#[test]
fn content_encoding_is_parsed() {
    use Coding::{Brotli, Deflate, Gzip};
    let cases: &[(&[&'static str], &[Coding])] = &[
        (&[], &[]),
        (&["gzip"], &[Gzip]),
        (&["X-GZIP"], &[Gzip]),
        (&[" Deflate "], &[Deflate]),
        (&["br"], &[Brotli]),
        (&["identity"], &[]),
        (&["gzip, identity,, br"], &[Gzip, Brotli]),
        (&["gzip", "br"], &[Gzip, Brotli]),
        (&["gzip, zstd"], &[]),
        (&["gzip; q=1"], &[]),
        (&["gzip,gzip,gzip,gzip,gzip"], &[Gzip; 5]),
        (&["gzip,gzip,gzip,gzip,gzip,gzip"], &[]),
    ];
    for (lines, expected) in cases {
        assert_eq!(&parse(lines), expected, "{lines:?}");
    }
}

#[test]
fn every_coding_is_decoded_in_chunks_of_any_length() {
    let members = [gzip_with_fields(&text()), gzip(b""), gzip(b"and more")].concat();
    let cases: [(&[Coding], Vec<u8>, Vec<u8>); 8] = [
        (&[Coding::Gzip], gzip(&text()), text()),
        (&[Coding::Gzip], members, [&text()[..], b"and more"].concat()),
        (&[Coding::Gzip], gzip(b""), Vec::new()),
        (&[Coding::Deflate], zlib(&text()), text()),
        (&[Coding::Deflate], raw_deflate(&text()), text()),
        (&[Coding::Brotli], BROTLI.to_vec(), text()),
        (&[Coding::Deflate, Coding::Gzip], gzip(&zlib(&text())), text()),
        (&[Coding::Gzip; 3], gzip(&gzip(&gzip(&text()))), text()),
    ];
    for (number, (codings, encoded, expected)) in cases.iter().enumerate() {
        for chunk_length in [1, 7, 4096, usize::MAX >> 1] {
            assert_eq!(
                decode(codings, encoded, chunk_length).as_ref(),
                Ok(expected),
                "case {number} in chunks of {chunk_length}"
            );
        }
    }
}

#[test]
fn data_after_the_last_member_is_ignored() {
    for rest in [
        &b"\0"[..],
        &[0; 4096],
        b"garbage",
        b"\x1f",
        b"\x1fx",
        b"\0\x1f\x8b",
    ] {
        let encoded = [&gzip(&text())[..], rest].concat();
        for chunk_length in [1, 4096, usize::MAX >> 1] {
            assert_eq!(
                decode(&[Coding::Gzip], &encoded, chunk_length),
                Ok(text()),
                "{rest:?}"
            );
        }
    }
    let behind = |encoded: &[u8]| [encoded, b"garbage"].concat();
    assert_eq!(
        decode(&[Coding::Deflate], &behind(&zlib(&text())), 4096),
        Ok(text())
    );
    assert_eq!(
        decode(&[Coding::Deflate], &behind(&raw_deflate(&text())), 1),
        Ok(text())
    );
    assert_eq!(decode(&[Coding::Brotli], &behind(&BROTLI), 1), Ok(text()));
}

#[test]
fn a_body_that_is_cut_off_is_an_error() {
    let two = [gzip(b"one"), gzip_with_fields(b"two")].concat();
    let whole = gzip(b"one").len();
    for at in 1..two.len() {
        let result = decode(&[Coding::Gzip], &two[..at], 4096);
        // The first byte of a member alone could be padding.
        let expected = if at == whole || at == whole + 1 {
            Ok(b"one".to_vec())
        } else {
            Err(DecodeError("unexpected end of file"))
        };
        assert_eq!(result, expected, "after {at} bytes of {whole}");
    }
    for (coding, encoded) in [
        (Coding::Deflate, zlib(&text())),
        (Coding::Deflate, raw_deflate(&text())),
        (Coding::Brotli, BROTLI.to_vec()),
    ] {
        for at in 1..encoded.len() {
            let result = decode(&[coding], &encoded[..at], 4096);
            assert_eq!(
                result,
                Err(DecodeError("unexpected end of file")),
                "{coding:?} after {at}"
            );
        }
    }
}

#[test]
fn a_damaged_body_is_an_error() {
    let damaged = |encoded: &[u8], from_end: usize| {
        let mut encoded = encoded.to_vec();
        let at = encoded.len() - from_end;
        encoded[at] ^= 1;
        encoded
    };
    let member = gzip(&text());
    let of_two = [gzip(b"one"), damaged(&member, 5)].concat();
    for (coding, encoded, why) in [
        (Coding::Gzip, damaged(&member, 5), "incorrect data check"),
        (Coding::Gzip, damaged(&member, 1), "incorrect length check"),
        (
            Coding::Gzip,
            damaged(&member, member.len()),
            "incorrect header check",
        ),
        (Coding::Gzip, b"{\"id\":1}".to_vec(), "incorrect header check"),
        (Coding::Gzip, of_two, "incorrect data check"),
        (
            Coding::Gzip,
            b"\x1f\x8b\x07".to_vec(),
            "unknown compression method",
        ),
        (
            Coding::Gzip,
            b"\x1f\x8b\x08\xff".to_vec(),
            "unknown header flags set",
        ),
        (
            Coding::Gzip,
            b"\x1f\x8b\x08\x02\0\0\0\0\0\0ab".to_vec(),
            "header crc mismatch",
        ),
        (
            Coding::Deflate,
            damaged(&zlib(&text()), 1),
            "corrupt deflate stream",
        ),
        (
            Coding::Deflate,
            b"this is not deflate".to_vec(),
            "corrupt deflate stream",
        ),
        (Coding::Brotli, vec![0xff; 100], "corrupt brotli stream"),
    ] {
        assert_eq!(decode(&[coding], &encoded, 4096), Err(DecodeError(why)));
        assert_eq!(decode(&[coding], &encoded, 1), Err(DecodeError(why)));
    }
}

#[test]
fn a_header_with_a_valid_checksum_is_accepted() {
    let mut member = gzip(b"checked");
    member[3] |= 1 << 1;
    let sum = crc32fast::hash(&member[..10]).to_le_bytes();
    member.splice(10..10, sum[..2].iter().copied());
    assert_eq!(decode(&[Coding::Gzip], &member, 1), Ok(b"checked".to_vec()));
}

#[test]
fn an_empty_body_is_complete_with_any_coding() {
    for coding in [Coding::Gzip, Coding::Deflate, Coding::Brotli] {
        let decoder = Decoder::of(&[coding]).unwrap();
        assert_eq!(decoder.finish(), Ok(()));
        assert!(!decoder.has_input());
    }
    assert!(Decoder::of(&[]).is_none());
}

/// 16 GiB of zeros in a few kilobytes: the caller can stop at any time, as only one chunk of each layer is in memory.
#[test]
fn a_decompression_bomb_is_decoded_chunk_by_chunk() {
    let mut bomb = vec![0; 16 << 20];
    for _ in 0..3 {
        bomb = gzip(&bomb);
    }
    let mut decoder = Decoder::of(&[Coding::Gzip; 3]).unwrap();
    decoder.push(bomb.into());
    for _ in 0..64 {
        assert_eq!(decoder.next_chunk().unwrap().unwrap().len(), CHUNK_BYTES);
    }
    let held: usize = decoder.layers.iter().skip(1).map(|layer| layer.input.len()).sum();
    assert!(held <= 2 * CHUNK_BYTES);
}
