//! Conversations and their messages.

#[macro_export]
#[doc(hidden)]
macro_rules! conversations {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Conversations, and their messages.
            ConversationResource<Conversation> at "/conversations" as "conversations" {
                /// Finds the conversations about an object.
                ///
                /// @param id The id of the object.
                get_conversations_by_object_id(id) => Get "?instance_id={}" -> Json<[Conversation]>;
                /// Adds a message to a conversation.
                ///
                /// @param [message] Its text.
                create_message(id; message) => Post "/{}/messages" Fields(&["text"]) -> Json<Message>;
            } with {
                /// The messages of a conversation.
                messages(id): MessageResource at "/{}/messages";
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! messages {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The messages of a conversation.
            MessageResource<Message> {}
        }
    };
}
