//! Redirects: what of a request is sent to the new location, and which ones are refused.

use cloudblue_connect_native::core::error::Kind;
use cloudblue_connect_native::core::retry::limits::Limits;
use tokio::net::TcpListener;

use super::{close, get, reply, send, serve};

#[tokio::test]
async fn a_redirect_to_another_origin_does_not_get_the_key() {
    let (there, mut there_requests) = serve(vec![reply("200 OK", "", "{}")]).await;
    let (here, _requests) = serve(vec![reply(
        "303 See Other",
        &format!("location: {there}/x\r\n"),
        "",
    )])
    .await;
    let response = send(&here, close(), Limits::default()).await.unwrap();
    assert!(response.redirected);
    let request = there_requests.recv().await.unwrap();
    assert!(request.starts_with("GET /x HTTP/1.1"), "{request}");
    assert!(
        !request.contains("secret") && !request.contains("content-type"),
        "{request}"
    );
}

#[tokio::test]
async fn a_redirect_that_would_make_a_get_of_a_post_is_refused() {
    for status in ["301 Moved Permanently", "302 Found"] {
        let (there, mut there_requests) = serve(vec![reply("200 OK", "", "{}")]).await;
        let (here, _requests) = serve(vec![reply(status, &format!("location: {there}/x?a=b\r\n"), "")]).await;
        let failure = send(&here, close(), Limits::default()).await.unwrap_err();
        assert_eq!((failure.kind, failure.maybe_processed), (Kind::Redirect, true));
        let place = format!("{there}/x,");
        assert!(failure.message.contains(&place), "{failure}");
        assert!(there_requests.try_recv().is_err());
    }
}

#[tokio::test]
async fn a_request_that_was_redirected_has_been_received() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("location: http://{}/\r\n", listener.local_addr().unwrap());
    drop(listener);
    let (url, _requests) = serve(vec![reply("303 See Other", &nowhere, "")]).await;
    let failure = send(&url, close(), Limits::default()).await.unwrap_err();
    assert_eq!(
        (failure.code.as_deref(), failure.maybe_processed),
        (Some("ECONNREFUSED"), true)
    );
}

#[tokio::test]
async fn redirects_come_to_an_end() {
    let (url, _requests) = serve(vec![reply("307 Temporary Redirect", "location: /again\r\n", "")]).await;
    let failure = send(&url, get(), Limits::default()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.code.as_deref()),
        (Kind::Redirect, Some("max-redirect"))
    );
}
