//! Certificates and keys in PEM, as OpenSSL reads them for Node.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// OpenSSL's older names of a certificate; the second one says behind the certificate what it is trusted for.
const OLD_LABEL: &str = "X509 CERTIFICATE-----";
const TRUSTED_LABEL: &str = "TRUSTED CERTIFICATE-----";
const LABEL: &str = "CERTIFICATE-----";

/// The uses of a certificate that concern us, as their object identifiers are encoded: to be a server, and any.
const USES: [&[u8]; 2] = [
    &[0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
    &[0x06, 0x04, 0x55, 0x1D, 0x25, 0x00],
];

const SEQUENCE: u8 = 0x30;
/// The field `reject` of what OpenSSL writes behind a certificate.
const REJECTED: u8 = 0xA0;

/// The certificates of a text, but for those that it says are not trusted for servers; what cannot be read is passed over.
pub fn certificates(text: &str) -> Vec<CertificateDer<'static>> {
    let text = plain(text)
        .replace(TRUSTED_LABEL, LABEL)
        .replace(OLD_LABEL, LABEL);
    CertificateDer::pem_slice_iter(text.as_bytes())
        .filter_map(|read| trusted(&read.ok()?))
        .collect()
}

/// A text's private key: none if there is none that can be read.
pub fn private_key(text: &str) -> Option<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(plain(text).as_bytes()).ok()
}

/// Whether a text's private key is encrypted.
pub fn is_encrypted(text: &str) -> bool {
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

/// A text without byte order marks: files that were put together may have several.
fn plain(text: &str) -> String {
    text.replace('\u{FEFF}', "")
}

/// A certificate without what is behind it, unless that says that it is not trusted for servers.
fn trusted(der: &CertificateDer<'_>) -> Option<CertificateDer<'static>> {
    let (SEQUENCE, _, behind) = element(der)? else {
        return None;
    };
    let certificate = der.get(..der.len() - behind.len())?.to_vec();
    match element(behind) {
        Some((SEQUENCE, said, _)) if !is_for_servers(said) => None,
        _ => Some(certificate.into()),
    }
}

/// Whether that which is said of a certificate lets it vouch for servers: `trust`, a list of uses, and `reject`, another one.
fn is_for_servers(mut said: &[u8]) -> bool {
    while let Some((tag, content, rest)) = element(said) {
        match tag {
            SEQUENCE if !names_us(content) => return false,
            REJECTED if names_us(content) => return false,
            _ => said = rest,
        }
    }
    true
}

/// Whether a list of uses has one of ours.
fn names_us(mut list: &[u8]) -> bool {
    while let Some((_, _, rest)) = element(list) {
        let whole = list.len() - rest.len();
        if list.get(..whole).is_some_and(|one| USES.contains(&one)) {
            return true;
        }
        list = rest;
    }
    false
}

/// The first element of DER: its tag, its content, and what comes behind it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
        let length = digits.iter().try_fold(0_usize, |length, digit| {
            length.checked_mul(256)?.checked_add(usize::from(*digit))
        });
        (length?, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CA: &str = include_str!("../../__test__/fixtures/tls/ca.pem");

    fn encoded(label: &str, der: &[u8]) -> String {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let lines: String = der
            .chunks(3)
            .map(|bytes| {
                let bits = bytes
                    .iter()
                    .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                    << (8 * (3 - bytes.len()));
                let text: String = (0..4)
                    .map(|at| match at {
                        at if at > bytes.len() => '=',
                        at => char::from(digits[(bits >> (18 - 6 * at) & 63) as usize]),
                    })
                    .collect();
                text + "\n"
            })
            .collect();
        format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
    }

    fn list(tag: u8, items: &[&[u8]]) -> Vec<u8> {
        let content = items.concat();
        [&[tag, u8::try_from(content.len()).unwrap()], content.as_slice()].concat()
    }

    #[test]
    fn labels_and_marks_are_those_of_openssl() {
        let usual = certificates(CA);
        assert_eq!(usual.len(), 1);
        for text in [
            format!("\u{FEFF}{CA}"),
            CA.replace('\n', "\r\n"),
            CA.replace(LABEL, OLD_LABEL),
            CA.replace(LABEL, TRUSTED_LABEL),
            encoded("CERTIFICATE", &usual[0]),
        ] {
            assert_eq!(certificates(&text), usual, "{text}");
        }
        assert_eq!(certificates(&format!("{CA}\u{FEFF}# two\n\u{FEFF}{CA}")).len(), 2);
        for text in [
            "",
            "\u{FEFF}",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        ] {
            assert!(certificates(text).is_empty());
        }
    }

    #[test]
    fn what_is_said_behind_a_certificate_is_heeded() {
        let usual = certificates(CA);
        let [server, any] = USES;
        let mail: &[u8] = &[0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04];
        let name = list(0x0C, &[b"a name"]);
        for (said, is_trusted) in [
            (vec![], true),
            (vec![name.clone()], true),
            (vec![list(SEQUENCE, &[server])], true),
            (vec![list(SEQUENCE, &[mail, any]), name], true),
            (vec![list(REJECTED, &[mail])], true),
            (vec![list(SEQUENCE, &[mail])], false),
            (vec![list(SEQUENCE, &[])], false),
            (vec![list(REJECTED, &[server])], false),
            (
                vec![list(SEQUENCE, &[server]), list(REJECTED, &[mail, any])],
                false,
            ),
        ] {
            let said: Vec<&[u8]> = said.iter().map(Vec::as_slice).collect();
            let der = [usual[0].as_ref(), &list(SEQUENCE, &said)].concat();
            let read = certificates(&encoded("TRUSTED CERTIFICATE", &der));
            assert_eq!(read, if is_trusted { usual.clone() } else { vec![] }, "{said:x?}");
        }
    }

    #[test]
    fn lengths_beyond_the_end_are_none() {
        for der in [
            &[0x30_u8][..],
            &[0x30, 0x05, 1],
            &[0x30, 0xFF, 1],
            &[0x30, 0x89, 255, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert!(element(der).is_none(), "{der:x?}");
        }
    }
}
