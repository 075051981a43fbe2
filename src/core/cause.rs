//! From a transport error to a failure: Node's code for it, and whether the server may have seen the request.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError};

use super::error::{Failure, Kind, LOST, NO_TUNNEL};
use super::feed::Abandoned;
use super::proxy;
use super::tls::Distrust;

/// Translates an error of the HTTP client that came up before the answer's headers were there.
pub fn before_answer(error: &reqwest::Error) -> Failure {
    let failure = translate(error);
    if was_not_sent(error)
        || find::<h2::Error>(error).is_some_and(was_not_looked_at)
        || find::<rustls::Error>(error).is_some_and(was_refused)
    {
        failure
    } else {
        failure.after_sending()
    }
}

/// Whether nothing of a request has left: there was no connection, or the connection ended before the request was taken
/// up, and the client handed it back (which is what hyper calls canceled).
fn was_not_sent(error: &reqwest::Error) -> bool {
    let was_handed_back = || find::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled);
    error.is_connect() || error.is_builder() || was_handed_back()
}

/// Whether the server says that it has done nothing with a request: it refused the stream, or went away before it came to
/// it (RFC 9113, 6.8 and 8.7).
///
/// h2 gives a server's GOAWAY as the error of a stream only where the stream's number is above the last one that the
/// server names, or where the stream was not opened any more. The others go on; those that the connection's end finds
/// without an answer get an I/O error. hyper opens streams and learns of a GOAWAY on the same thread, the engine's:
/// with several, its error could be that of a stream that was opened a moment before.
fn was_not_looked_at(error: &h2::Error) -> bool {
    error.is_remote() && (error.reason() == Some(h2::Reason::REFUSED_STREAM) || error.is_go_away())
}

/// Translates an error that came up within the answer's body: the request was certainly received.
pub fn within_body(error: &reqwest::Error) -> Failure {
    let failure = Failure::cut(innermost(error));
    match io_code(error) {
        Some(code) => failure.with_code(code),
        None => failure,
    }
}

fn translate(error: &reqwest::Error) -> Failure {
    if error.is_timeout() && error.is_connect() {
        return Failure::not_connected();
    }
    let detail = innermost(error);
    let failure =
        |message: String, code: &'static str| Failure::new(Kind::Connection, message).with_code(code);
    if error.is_dns() || detail.contains("failed to lookup address") {
        // glibc and musl both say "Temporary failure" or "Try again" where Node says EAI_AGAIN.
        let again = detail.contains("Temporary failure") || detail.contains("Try again");
        return failure(
            format!("the host's name cannot be resolved: {detail}"),
            if again { "EAI_AGAIN" } else { "ENOTFOUND" },
        );
    }
    if let Some(failure) = failure_of_proxy(&detail) {
        return failure;
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return match tls {
            rustls::Error::InvalidCertificate(reason) => {
                Failure::new(Kind::Certificate, format!("TLS: {}", said(reason)))
                    .with_code(certificate_code(reason))
            }
            rustls::Error::AlertReceived(alert) if identity_code(*alert).is_some() => {
                let message = match alert {
                    AlertDescription::CertificateRequired => {
                        "TLS: the server asks for a client certificate (the options cert and key)".to_string()
                    }
                    _ => format!("TLS: the server does not accept the client's certificate: {alert:?}"),
                };
                Failure::new(Kind::Certificate, message).with_code(identity_code(*alert).unwrap_or("EPROTO"))
            }
            _ => failure(format!("TLS: {tls}"), "EPROTO"),
        };
    }
    if let Some(code) = io_code(error) {
        return failure(detail, code);
    }
    if let Some(stream) = find::<h2::Error>(error) {
        return failure(detail, stream_code(stream));
    }
    if let Some(http) = find::<hyper::Error>(error) {
        return failure_of_http(http, detail, find::<Abandoned>(error).is_some());
    }
    Failure::new(Kind::Connection, detail)
}

/// What a proxy has to say, if it was one that failed. The types of these errors are nobody's but hyper-util's; a test tells
/// if their words change.
fn failure_of_proxy(detail: &str) -> Option<Failure> {
    let refused = |why: &str| Failure::new(Kind::Connection, why).with_code(NO_TUNNEL);
    if let Some(why) = detail.strip_prefix("tunnel error: ") {
        return Some(match why {
            "proxy authorization required" => proxy::refusal(407),
            "unsuccessful" => refused("the proxy made no connection to the host"),
            why => refused(&format!("the proxy gave no answer that can be read: {why}")),
        });
    }
    let why = detail.strip_prefix("SOCKS error: ")?;
    let kind = match why {
        "credentials not accepted" | "connection not allowed" => Kind::Proxy,
        why if why.starts_with("server ") => Kind::Proxy,
        _ => Kind::Connection,
    };
    let message = match why {
        "failed to create underlying connection" => "the SOCKS proxy cannot be reached".to_string(),
        why => format!("the SOCKS proxy made no connection to the host: {why}"),
    };
    Some(Failure::new(kind, message).with_code(NO_TUNNEL))
}

/// What hyper itself has to say, where no cause below it says more.
fn failure_of_http(http: &hyper::Error, detail: String, is_of_body: bool) -> Failure {
    let failure =
        |message: String, code: &'static str| Failure::new(Kind::Connection, message).with_code(code);
    if http.is_parse() {
        return Failure::not_http(http);
    }
    if http.is_incomplete_message() || http.is_closed() || http.is_canceled() {
        return failure("the server closed the connection without an answer".into(), LOST);
    }
    // A stream that waited until the server allows one more, when the connection ended. h2 may still open it.
    if http.is_user() && !is_of_body {
        return failure(
            "the connection ended before the request had its turn on it".into(),
            LOST,
        );
    }
    failure(detail, LOST)
}

/// Node's code for what ended a stream.
fn stream_code(error: &h2::Error) -> &'static str {
    match error.get_io() {
        Some(io) => code_of_io(io).unwrap_or(LOST),
        None if error.is_go_away() => "ERR_HTTP2_GOAWAY_SESSION",
        None => "ERR_HTTP2_STREAM_ERROR",
    }
}

/// Node's code for the first I/O error in the chain that has one.
fn io_code(error: &(dyn StdError + 'static)) -> Option<&'static str> {
    chain(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .find_map(code_of_io)
}

fn code_of_io(error: &io::Error) -> Option<&'static str> {
    Some(match error.kind() {
        io::ErrorKind::ConnectionRefused => "ECONNREFUSED",
        io::ErrorKind::ConnectionReset => "ECONNRESET",
        io::ErrorKind::ConnectionAborted => "ECONNABORTED",
        io::ErrorKind::BrokenPipe => "EPIPE",
        io::ErrorKind::TimedOut => "ETIMEDOUT",
        io::ErrorKind::HostUnreachable => "EHOSTUNREACH",
        io::ErrorKind::NetworkUnreachable => "ENETUNREACH",
        io::ErrorKind::AddrNotAvailable => "EADDRNOTAVAIL",
        io::ErrorKind::NetworkDown => "ENETDOWN",
        _ if error.raw_os_error() == Some(24) => "EMFILE",
        _ => return None,
    })
}

/// Whether the server refused our certificate. Over TLS 1.3 it does so when we have sent the request already; it has not read
/// it, for it reads nothing before it knows who we are.
fn was_refused(error: &rustls::Error) -> bool {
    matches!(error, rustls::Error::AlertReceived(alert) if identity_code(*alert).is_some())
}

/// Node's (OpenSSL's) code for what a server says of our certificate.
fn identity_code(alert: AlertDescription) -> Option<&'static str> {
    Some(match alert {
        AlertDescription::CertificateRequired => "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
        AlertDescription::BadCertificate => "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE",
        AlertDescription::UnsupportedCertificate => "ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        AlertDescription::CertificateRevoked => "ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED",
        AlertDescription::CertificateExpired => "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED",
        AlertDescription::CertificateUnknown => "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        AlertDescription::UnknownCA => "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
        AlertDescription::AccessDenied => "ERR_SSL_TLSV1_ALERT_ACCESS_DENIED",
        _ => return None,
    })
}

/// Node's (OpenSSL's) code for a certificate that is refused, as far as rustls tells the cases apart.
fn certificate_code(reason: &CertificateError) -> &'static str {
    use CertificateError as Cert;
    match reason {
        Cert::Expired | Cert::ExpiredContext { .. } => "CERT_HAS_EXPIRED",
        Cert::NotValidYet | Cert::NotValidYetContext { .. } => "CERT_NOT_YET_VALID",
        Cert::Revoked => "CERT_REVOKED",
        Cert::NotValidForName | Cert::NotValidForNameContext { .. } => "ERR_TLS_CERT_ALTNAME_INVALID",
        Cert::UnknownIssuer => "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        Cert::BadSignature => "CERT_SIGNATURE_FAILURE",
        Cert::Other(other) => match other.0.downcast_ref::<Distrust>() {
            Some(Distrust::SelfSigned) => "DEPTH_ZERO_SELF_SIGNED_CERT",
            Some(Distrust::SelfSignedInChain) => "SELF_SIGNED_CERT_IN_CHAIN",
            Some(Distrust::IncompleteChain) => "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            None => "CERT_UNTRUSTED",
        },
        _ => "CERT_UNTRUSTED",
    }
}

/// The reason in words; rustls shows those that are not its own as a structure.
fn said(reason: &CertificateError) -> String {
    match reason {
        CertificateError::Other(other) => other.0.to_string(),
        reason => reason.to_string(),
    }
}

/// The error and its causes, outermost first; an I/O error's wrapped error is followed too.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| {
        let error: &'a (dyn StdError + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(|io| io.get_ref()) {
            // `io::Error::source` skips the error that it wraps, which is where rustls puts its own.
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|cause| cause.downcast_ref::<E>())
}

/// The text of the deepest cause. The outer ones repeat the URL, whose query may hold personal data.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
