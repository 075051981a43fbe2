//! Conversations and their messages.

/// Conversations; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! conversations {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* ConversationResource at "/conversations" as "conversations" {
            /// Finds the conversations about an object.
            get_conversations_by_object_id(id) => Get "?instance_id={}" -> Json;
            /// Adds a message to a conversation.
            create_message(id) { "text": message } => Post "/{}/messages" -> Json;
        } with {
            /// The messages of a conversation.
            messages(id): MessageResource at "/{}/messages";
        } }
    };
}

/// The messages of a conversation; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! messages {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* MessageResource {
        } }
    };
}
