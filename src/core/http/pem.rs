//! Certificates and keys in PEM, as OpenSSL reads them for Node.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

const LABEL: &str = "CERTIFICATE-----";
/// OpenSSL's older label of a certificate.
const OLD_LABEL: &str = "X509 CERTIFICATE-----";
/// OpenSSL's label of a certificate that is followed by what it is trusted for.
const TRUSTED_LABEL: &str = "TRUSTED CERTIFICATE-----";

/// The relevant uses of a certificate, as DER-encoded object identifiers: TLS server authentication, and any use.
const SERVER_USES: [&[u8]; 2] = [
    &[0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
    &[0x06, 0x04, 0x55, 0x1D, 0x25, 0x00],
];

/// The DER tag of a sequence.
const SEQUENCE: u8 = 0x30;
/// The DER tag of the field `reject` in what OpenSSL writes after a certificate.
const REJECTED_USES: u8 = 0xA0;

/// The certificates of a text, except those that it marks as not trusted for servers. Invalid ones are skipped.
pub fn certificates(text: &str) -> Vec<CertificateDer<'static>> {
    let text = without_byte_order_marks(text)
        .replace(TRUSTED_LABEL, LABEL)
        .replace(OLD_LABEL, LABEL);
    CertificateDer::pem_slice_iter(text.as_bytes())
        .filter_map(|certificate| trusted(&certificate.ok()?))
        .collect()
}

/// The private key of a text, if it contains a valid one.
pub fn private_key(text: &str) -> Option<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(without_byte_order_marks(text).as_bytes()).ok()
}

/// Whether the private key of a text is encrypted.
pub fn is_encrypted(text: &str) -> bool {
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

/// Concatenated files may have several byte order marks.
fn without_byte_order_marks(text: &str) -> String {
    text.replace('\u{FEFF}', "")
}

/// A certificate without the trust settings that follow it; `None` if they exclude servers.
fn trusted(der: &CertificateDer<'_>) -> Option<CertificateDer<'static>> {
    let (SEQUENCE, _, rest) = element(der)? else {
        return None;
    };
    let certificate = der.get(..der.len() - rest.len())?.to_vec();
    match element(rest) {
        Some((SEQUENCE, settings, _)) if !is_for_servers(settings) => None,
        _ => Some(certificate.into()),
    }
}

/// Whether trust settings allow a certificate to be used for servers. They are two lists of uses, `trust` and `reject`.
fn is_for_servers(mut settings: &[u8]) -> bool {
    while let Some((tag, content, rest)) = element(settings) {
        match tag {
            SEQUENCE if !has_server_use(content) => return false,
            REJECTED_USES if has_server_use(content) => return false,
            _ => settings = rest,
        }
    }
    true
}

/// Whether a list of uses contains one of [`SERVER_USES`].
fn has_server_use(mut list: &[u8]) -> bool {
    while let Some((_, _, rest)) = element(list) {
        let item_length = list.len() - rest.len();
        if list
            .get(..item_length)
            .is_some_and(|item| SERVER_USES.contains(&item))
        {
            return true;
        }
        list = rest;
    }
    false
}

/// The first DER element: its tag, its content, and the rest after it.
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

    const CA: &str = include_str!("../../../__test__/fixtures/tls/ca.pem");

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
    fn openssls_labels_and_byte_order_marks_are_accepted() {
        let expected = certificates(CA);
        assert_eq!(expected.len(), 1);
        for text in [
            format!("\u{FEFF}{CA}"),
            CA.replace('\n', "\r\n"),
            CA.replace(LABEL, OLD_LABEL),
            CA.replace(LABEL, TRUSTED_LABEL),
            encoded("CERTIFICATE", &expected[0]),
        ] {
            assert_eq!(certificates(&text), expected, "{text}");
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
    fn trust_settings_after_a_certificate_are_respected() {
        let expected = certificates(CA);
        let [server, any] = SERVER_USES;
        let mail: &[u8] = &[0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04];
        let name = list(0x0C, &[b"a name"]);
        for (settings, is_trusted) in [
            (vec![], true),
            (vec![name.clone()], true),
            (vec![list(SEQUENCE, &[server])], true),
            (vec![list(SEQUENCE, &[mail, any]), name], true),
            (vec![list(REJECTED_USES, &[mail])], true),
            (vec![list(SEQUENCE, &[mail])], false),
            (vec![list(SEQUENCE, &[])], false),
            (vec![list(REJECTED_USES, &[server])], false),
            (
                vec![list(SEQUENCE, &[server]), list(REJECTED_USES, &[mail, any])],
                false,
            ),
        ] {
            let settings: Vec<&[u8]> = settings.iter().map(Vec::as_slice).collect();
            let der = [expected[0].as_ref(), &list(SEQUENCE, &settings)].concat();
            let read = certificates(&encoded("TRUSTED CERTIFICATE", &der));
            assert_eq!(
                read,
                if is_trusted { expected.clone() } else { vec![] },
                "{settings:x?}"
            );
        }
    }

    #[test]
    fn an_element_longer_than_the_input_is_invalid() {
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
