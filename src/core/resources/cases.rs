//! Helpdesk cases.

#[macro_export]
#[doc(hidden)]
macro_rules! cases {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Helpdesk cases.
            CaseResource<Case> at "/helpdesk/cases" as "cases" {
                /// Sets a case to pending.
                pend(id) => Post "/{}/pend" -> Json<Case>;
                /// Asks the issuer for more.
                inquire(id) => Post "/{}/inquire" -> Json<Case>;
                /// Resolves a case.
                resolve(id) => Post "/{}/resolve" -> Json<Case>;
                /// Closes a case, with a rating and feedback.
                ///
                /// @param {number | null} [rating] The rating, from 1 to 5.
                /// @param [feedback] What to say about it.
                close(id; rating, feedback) => Post "/{}/close" Fields(&["rating", "feedback"]) -> Json<Case>;
            } with {
                /// The attachments of a case.
                attachments(id): CaseAttachmentsResource at "/{}/attachments";
                /// The settings of a case.
                settings(id): CaseSettingsResource at "/{}/settings";
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! case_attachments {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The attachments of a case.
            CaseAttachmentsResource<CaseAttachment> {}
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! case_settings {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The settings of a case.
            CaseSettingsResource<CaseSetting> {}
        }
    };
}
