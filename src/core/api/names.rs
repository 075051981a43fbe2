//! Converts names from Rust to JavaScript.

/// `external_billing_id` becomes `externalBillingId`.
pub fn to_camel_case(snake: &str) -> String {
    let mut name = String::with_capacity(snake.len());
    let mut is_word_start = false;
    for character in snake.chars() {
        match character {
            '_' => is_word_start = true,
            _ if is_word_start => {
                name.push(character.to_ascii_uppercase());
                is_word_start = false;
            }
            _ => name.push(character),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::to_camel_case;

    #[test]
    fn underscores_become_capitals() {
        assert_eq!(to_camel_case("close_records"), "closeRecords");
        assert_eq!(to_camel_case("get"), "get");
        assert_eq!(to_camel_case("external_billing_id"), "externalBillingId");
    }
}
