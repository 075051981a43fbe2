//! Maps the errors of the HTTP client to failures: Node's error code, and whether the server may have received the request.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError};

use crate::core::error::{ECONNRESET, ERR_PROXY_TUNNEL, Failure, Kind};
use crate::core::http::proxy;
use crate::core::http::streaming_body::BodyAborted;
use crate::core::http::tls::CertificateRejection;

/// Maps an error that occurred before the head of the response had arrived.
pub fn before_response(error: &reqwest::Error) -> Failure {
    let failure = to_failure(error);
    if was_not_sent(error)
        || find::<h2::Error>(error).is_some_and(was_rejected_unprocessed)
        || find::<rustls::Error>(error).is_some_and(is_client_certificate_rejected)
    {
        failure
    } else {
        failure.after_sending()
    }
}

/// Maps an error that occurred within the body of the response, so that the server has certainly received the request.
pub fn within_body(error: &reqwest::Error) -> Failure {
    let failure = Failure::incomplete(root_cause(error));
    match io_code(error) {
        Some(code) => failure.with_code(code),
        None => failure,
    }
}

/// Whether nothing of the request was sent: there was no connection, or it ended before the request was sent on it (hyper
/// calls that canceled).
fn was_not_sent(error: &reqwest::Error) -> bool {
    let was_canceled = || find::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled);
    error.is_connect() || error.is_builder() || was_canceled()
}

/// Whether the server says that it has not processed a request: it refused the stream, or sent GOAWAY before handling it
/// (RFC 9113, 6.8 and 8.7).
///
/// h2 reports a server's GOAWAY only for streams above the last one that the server names, and for those that were not opened
/// yet. The others continue, and get an I/O error if the connection ends without their response. This relies on a runtime with
/// a single thread, where hyper opens streams and handles a GOAWAY: with several threads, the error could belong to a stream
/// that was opened a moment before.
fn was_rejected_unprocessed(error: &h2::Error) -> bool {
    error.is_remote() && (error.reason() == Some(h2::Reason::REFUSED_STREAM) || error.is_go_away())
}

fn connection_failure(message: impl Into<String>, code: &'static str) -> Failure {
    Failure::new(Kind::Connection, message).with_code(code)
}

fn to_failure(error: &reqwest::Error) -> Failure {
    if error.is_timeout() && error.is_connect() {
        return Failure::connect_timed_out();
    }
    let detail = root_cause(error);
    if error.is_dns() || detail.contains("failed to lookup address") {
        // glibc and musl say "Temporary failure" or "Try again" for what Node calls EAI_AGAIN.
        let is_temporary = detail.contains("Temporary failure") || detail.contains("Try again");
        let code = if is_temporary { "EAI_AGAIN" } else { "ENOTFOUND" };
        return connection_failure(format!("cannot resolve the host name: {detail}"), code);
    }
    if let Some(failure) = proxy_failure(&detail) {
        return failure;
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return tls_failure(tls);
    }
    if let Some(code) = io_code(error) {
        return connection_failure(detail, code);
    }
    if let Some(http2) = find::<h2::Error>(error) {
        return connection_failure(detail, http2_code(http2));
    }
    if let Some(http) = find::<hyper::Error>(error) {
        return http_failure(http, detail, find::<BodyAborted>(error).is_some());
    }
    Failure::new(Kind::Connection, detail)
}

/// The failure of a TLS handshake.
fn tls_failure(error: &rustls::Error) -> Failure {
    match error {
        rustls::Error::InvalidCertificate(reason) => {
            Failure::new(Kind::Certificate, format!("TLS: {}", certificate_message(reason)))
                .with_code(certificate_code(reason))
        }
        rustls::Error::AlertReceived(alert) => match client_certificate_code(*alert) {
            Some(code) => {
                let message = if *alert == AlertDescription::CertificateRequired {
                    "TLS: the server requires a client certificate (options cert and key)".to_string()
                } else {
                    format!("TLS: the server rejected the client certificate: {alert:?}")
                };
                Failure::new(Kind::Certificate, message).with_code(code)
            }
            None => connection_failure(format!("TLS: {error}"), "EPROTO"),
        },
        _ => connection_failure(format!("TLS: {error}"), "EPROTO"),
    }
}

/// The failure of a proxy, if `detail` is the message of one. hyper-util does not export the types of these errors; a test fails
/// if their messages change.
fn proxy_failure(detail: &str) -> Option<Failure> {
    if let Some(reason) = detail.strip_prefix("tunnel error: ") {
        return Some(match reason {
            "proxy authorization required" => proxy::refusal(407),
            "unsuccessful" => {
                connection_failure("the proxy did not open a tunnel to the host", ERR_PROXY_TUNNEL)
            }
            reason => {
                let message = format!("the proxy's response cannot be read: {reason}");
                connection_failure(message, ERR_PROXY_TUNNEL)
            }
        });
    }
    let reason = detail.strip_prefix("SOCKS error: ")?;
    let kind = match reason {
        "credentials not accepted" | "connection not allowed" => Kind::Proxy,
        reason if reason.starts_with("server ") => Kind::Proxy,
        _ => Kind::Connection,
    };
    let message = match reason {
        "failed to create underlying connection" => "cannot reach the SOCKS proxy".to_string(),
        reason => format!("the SOCKS proxy did not connect to the host: {reason}"),
    };
    Some(Failure::new(kind, message).with_code(ERR_PROXY_TUNNEL))
}

/// The failure of an HTTP connection, if no cause below hyper says more.
///
/// * `is_aborted_body`: whether the sender of the request body aborted it.
fn http_failure(error: &hyper::Error, detail: String, is_aborted_body: bool) -> Failure {
    if error.is_parse() {
        return Failure::not_http(error);
    }
    if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        let message = "the server closed the connection without a response";
        return connection_failure(message, ECONNRESET);
    }
    // A stream that waited for the server to allow another one when the connection ended. h2 may still open it.
    if error.is_user() && !is_aborted_body {
        let message = "the connection closed before the request was sent";
        return connection_failure(message, ECONNRESET);
    }
    connection_failure(detail, ECONNRESET)
}

/// Node's code for the error of an HTTP/2 stream.
fn http2_code(error: &h2::Error) -> &'static str {
    match error.get_io() {
        Some(io) => code_of_io(io).unwrap_or(ECONNRESET),
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

/// Whether the server rejected the client certificate. Over TLS 1.3 the request has been sent by then, but the server does not
/// process it before it has accepted the certificate.
fn is_client_certificate_rejected(error: &rustls::Error) -> bool {
    matches!(error, rustls::Error::AlertReceived(alert) if client_certificate_code(*alert).is_some())
}

/// Node's (OpenSSL's) code for a server's alert about the client certificate.
fn client_certificate_code(alert: AlertDescription) -> Option<&'static str> {
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

/// Node's (OpenSSL's) code for a rejected server certificate, as far as rustls distinguishes the cases.
fn certificate_code(reason: &CertificateError) -> &'static str {
    use CertificateError as Cert;
    match reason {
        Cert::Expired | Cert::ExpiredContext { .. } => "CERT_HAS_EXPIRED",
        Cert::NotValidYet | Cert::NotValidYetContext { .. } => "CERT_NOT_YET_VALID",
        Cert::Revoked => "CERT_REVOKED",
        Cert::NotValidForName | Cert::NotValidForNameContext { .. } => "ERR_TLS_CERT_ALTNAME_INVALID",
        Cert::UnknownIssuer => "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        Cert::BadSignature => "CERT_SIGNATURE_FAILURE",
        Cert::Other(other) => match other.0.downcast_ref::<CertificateRejection>() {
            Some(CertificateRejection::SelfSigned) => "DEPTH_ZERO_SELF_SIGNED_CERT",
            Some(CertificateRejection::SelfSignedInChain) => "SELF_SIGNED_CERT_IN_CHAIN",
            Some(CertificateRejection::IncompleteChain) => "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            None => "CERT_UNTRUSTED",
        },
        _ => "CERT_UNTRUSTED",
    }
}

/// The reason as text. rustls would format our own reasons as a `Debug` structure.
fn certificate_message(reason: &CertificateError) -> String {
    match reason {
        CertificateError::Other(other) => other.0.to_string(),
        reason => reason.to_string(),
    }
}

/// The error and its causes, outermost first.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| {
        let error: &'a (dyn StdError + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(|io| io.get_ref()) {
            // `io::Error::source` skips the wrapped error, which may be that of rustls.
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|cause| cause.downcast_ref::<E>())
}

/// The message of the innermost cause. The outer ones repeat the URL, whose query may contain personal data.
fn root_cause(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
