//! Helpdesk cases.

/// Helpdesk cases; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! cases {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* CaseResource at "/helpdesk/cases" as "cases" {
            /// Sets a case to pending.
            pend(id) => Post "/{}/pend" -> Json;
            /// Asks the issuer for more.
            inquire(id) => Post "/{}/inquire" -> Json;
            /// Resolves a case.
            resolve(id) => Post "/{}/resolve" -> Json;
            /// Closes a case, with a rating and feedback.
            close(id) { "rating": rating, "feedback": feedback } => Post "/{}/close" -> Json;
        } with {
            /// The attachments of a case.
            attachments(id): CaseAttachmentsResource at "/{}/attachments";
            /// The settings of a case.
            settings(id): CaseSettingsResource at "/{}/settings";
        } }
    };
}

/// The attachments of a case; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! case_attachments {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* CaseAttachmentsResource {
        } }
    };
}

/// The settings of a case; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! case_settings {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* CaseSettingsResource {
        } }
    };
}
